import { type JWTClaimVerificationOptions, type JWTPayload, UnsecuredJWT } from 'jose';
import type { AuthConfig } from '../config.js';
import type { Principal } from './authenticate.js';
import { Problem } from './problem.js';
import { NOT_YET_VALID } from './token-errors.js';

/** Clerk's default tolerance. https://clerk.com/docs/guides/sessions/manual-jwt-verification */
export const CLOCK_TOLERANCE_SECONDS = 5;

export function claimRules({ issuer, audience }: AuthConfig): JWTClaimVerificationOptions {
  return {
    issuer,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    requiredClaims: ['sub', 'exp'],
    ...(audience ? { audience } : {}),
  };
}

/**
 * The claims by the same rules as those of a verified token. Only a verified token proves them.
 * @throws jose's errors
 */
export function unverifiedClaims(token: string, config: AuthConfig): JWTPayload {
  const [, payload = ''] = token.split('.');
  // jose checks the claims of a verified token or of an unsecured one.
  return UnsecuredJWT.decode(`${UNSECURED_HEADER}.${payload}.`, claimRules(config)).payload;
}

const [UNSECURED_HEADER] = new UnsecuredJWT().encode().split('.');

/** @throws Problem where the claims identify no caller of this API */
export function toPrincipal(claims: JWTPayload, config: AuthConfig): Principal {
  const { sub } = claims as Record<string, unknown>;
  if (typeof sub !== 'string' || sub === '') throw malformed('sub');
  checkLifetime(claims, config);
  // By the subject alone: a machine can write any other claim into its token, such as `sid`.
  if (sub.startsWith('mch_')) return toMachine(sub, claims, config);
  return toSession(sub, claims, config);
}

function checkLifetime({ iat, exp = 0 }: JWTPayload, { maxTokenLifetimeSeconds }: AuthConfig): void {
  const now = Math.floor(Date.now() / 1000);
  if (iat !== undefined && iat > now + CLOCK_TOLERANCE_SECONDS) {
    throw new Problem('token_not_yet_valid', NOT_YET_VALID);
  }
  if (exp - (iat ?? now) <= maxTokenLifetimeSeconds) return;
  throw new Problem(
    'token_lifetime_too_long',
    `The token is valid for more than ${maxTokenLifetimeSeconds} s. Get one with a shorter lifetime.`,
  );
}

/** The operator grants scopes, because any machine can ask the issuer for a token with any claim. */
function toMachine(subject: string, claims: JWTPayload, { machineScopes }: AuthConfig): Principal {
  const { iat, scope } = claims as Record<string, unknown>;
  if (iat === undefined) throw malformed('iat');
  const granted = machineScopes.get(subject) ?? [];
  if (scope === undefined) return { kind: 'machine', subject, scopes: granted };
  const claimed = typeof scope === 'string' ? scope.split(' ') : [];
  return { kind: 'machine', subject, scopes: granted.filter((each) => claimed.includes(each)) };
}

function toSession(clerkId: string, claims: JWTPayload, { authorizedParties }: AuthConfig): Principal {
  const { sid, azp, sts, act } = claims as Record<string, unknown>;
  if (typeof sid !== 'string' || sid === '') {
    throw new Problem('token_not_a_session', 'The token has no session id (`sid`). Send a session token.');
  }
  if (sts === 'pending') {
    throw new Problem('session_pending', 'The session is pending: the user must finish signing in.');
  }
  // Clerk omits `azp` if the browser sent no Origin.
  if (azp !== undefined && !authorizedParties.includes('*') && !authorizedParties.includes(String(azp))) {
    throw new Problem(
      'token_wrong_party',
      'The token was issued to an origin that is not among the authorized parties.',
    );
  }
  // The actor. https://www.rfc-editor.org/rfc/rfc8693#section-4.1
  const issuedAt = claims.iat === undefined ? undefined : new Date(claims.iat * 1_000);
  return { kind: 'session', clerkId, impersonated: act !== undefined && act !== null, issuedAt };
}

function malformed(claim: string): Problem {
  return new Problem('token_malformed', `The token's claim "${claim}" is missing or malformed.`);
}
