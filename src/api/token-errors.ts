import type { errors } from 'jose';
import type { AuthConfig } from '../config.js';
import type { ProblemCode } from './problem.js';

export const NOT_YET_VALID = 'The token is not valid yet. Compare the clocks of the issuer and of the API.';

/** By the code of jose's errors. https://github.com/panva/jose/blob/main/src/util/errors.ts */
export function explainTokenError(
  error: errors.JOSEError,
  { users, machines, algorithms }: AuthConfig,
): [code: ProblemCode, detail: string] {
  const { code, claim = '' }: { code: string; claim?: string } = error;
  switch (code) {
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      if (claim === 'iss') return ['token_wrong_issuer', wrongIssuer(users.issuer, machines.issuer)];
      if (claim === 'nbf') return ['token_not_yet_valid', NOT_YET_VALID];
      return ['token_malformed', `The token's claim "${claim}" is missing or malformed.`];
    case 'ERR_JWT_EXPIRED':
      return ['token_expired', 'The token has expired. Get a new one.'];
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return [
        'token_unknown_key',
        "The issuer's keys (AUTH_JWKS_URL, or MACHINE_JWKS_URL) do not have the one that signed the token.",
      ];
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
    case 'ERR_JOSE_NOT_SUPPORTED':
      return [
        'token_invalid_signature',
        `The token is not signed with ${algorithms.join(' or ')} (AUTH_ALGORITHMS).`,
      ];
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return ['token_invalid_signature', "The token's signature is not the issuer's."];
    default:
      return ['token_malformed', 'The token is not a JWT.'];
  }
}

function wrongIssuer(ofUsers: string, ofMachines: string): string {
  const others = ofMachines === ofUsers ? '' : ` or ${ofMachines} (MACHINE_ISSUER)`;
  return `The token's issuer is not ${ofUsers} (AUTH_ISSUER)${others}. Issuers are compared as they stand, with a slash at the end.`;
}
