import { createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { AuthConfig } from '../config.js';
import { Problem, type ProblemCode } from './problem.js';

export type Principal =
  | { kind: 'session'; clerkId: string }
  | { kind: 'machine'; subject: string; scopes: readonly string[] };

/** @throws Problem with a `token_…` code, `session_pending`, or `authentication_unavailable` */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

/** Clerk's default tolerance. https://clerk.com/docs/guides/sessions/manual-jwt-verification */
const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * Verifies Clerk session tokens, and Clerk machine-to-machine tokens in JWT format, with the issuer's keys.
 * Another issuer of such JWTs works as well.
 * https://clerk.com/docs/guides/sessions/session-tokens
 * https://clerk.com/changelog/2026-02-24-m2m-jwt-tokens
 */
export function createAuthenticate(config: AuthConfig): Authenticate {
  const keys = createRemoteJWKSet(new URL(config.jwksUrl));
  return async (authorization) => {
    const claims = await verify(bearerToken(authorization), keys, config);
    return toPrincipal(claims, config);
  };
}

function bearerToken(authorization: string | undefined): string {
  const token = authorization?.match(/^Bearer +(\S+)$/i)?.[1];
  if (token) return token;
  throw new Problem('token_missing', 'Send the token as "Authorization: Bearer <token>".');
}

async function verify(token: string, keys: JWTVerifyGetKey, config: AuthConfig): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: config.issuer,
      algorithms: ['RS256'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['sub', 'exp'],
      ...(config.audience ? { audience: config.audience } : {}),
    });
    return payload;
  } catch (error) {
    throw new Problem(...explain(error, config), { cause: error });
  }
}

function explain(error: unknown, { issuer }: AuthConfig): [code: ProblemCode, detail: string] {
  const { code, claim = '' } = error as { code?: string; claim?: string };
  switch (code) {
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      if (claim === 'iss') return ['token_wrong_issuer', `The token's issuer is not ${issuer}.`];
      if (claim === 'aud') return ['token_wrong_audience', 'The token is for another audience.'];
      if (claim === 'nbf') return ['token_not_yet_valid', NOT_YET_VALID];
      return ['token_malformed', `The token's claim "${claim}" is missing or malformed.`];
    case 'ERR_JWT_EXPIRED':
      return ['token_expired', 'The token has expired. Get a new one.'];
    case 'ERR_JWKS_NO_MATCHING_KEY':
      return ['token_unknown_key', 'The issuer does not have the key that signed the token.'];
    case 'ERR_JWS_INVALID':
    case 'ERR_JWT_INVALID':
      return ['token_malformed', 'The token is not a JWT.'];
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
    case 'ERR_JOSE_NOT_SUPPORTED':
      return ['token_invalid_signature', 'The token is not signed with RS256 by the issuer.'];
    default:
      return ['authentication_unavailable', "The issuer's keys are unavailable. Retry the request."];
  }
}

const NOT_YET_VALID = 'The token is not valid yet. Compare the clocks of the issuer and of the API.';

function toPrincipal(claims: JWTPayload, config: AuthConfig): Principal {
  const { sub, sid, azp, sts, scope } = claims as Record<string, unknown>;
  if (typeof sub !== 'string' || sub === '') {
    throw new Problem('token_malformed', 'The token\'s claim "sub" is missing or malformed.');
  }
  if (sid === undefined && sub.startsWith('mch_')) {
    return { kind: 'machine', subject: sub, scopes: typeof scope === 'string' ? scope.split(' ') : [] };
  }
  if (typeof sid !== 'string' || sid === '') {
    throw new Problem('token_not_a_session', 'The token has no session id (`sid`). Send a session token.');
  }
  if (sts === 'pending') {
    throw new Problem('session_pending', 'The session is pending: the user must finish signing in.');
  }
  // Clerk omits `azp` if the browser sent no Origin.
  const { authorizedParties } = config;
  if (azp !== undefined && authorizedParties.length > 0 && !authorizedParties.includes(String(azp))) {
    throw new Problem(
      'token_wrong_party',
      'The token was issued to an origin that is not among the authorized parties.',
    );
  }
  return { kind: 'session', clerkId: sub };
}
