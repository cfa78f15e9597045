import { type JWTClaimVerificationOptions, type JWTPayload, UnsecuredJWT } from 'jose';
import type { AuthConfig } from '../config.js';
import type { Principal } from './authenticate.js';
import { Problem } from './problem.js';
import { NOT_YET_VALID } from './token-errors.js';
import { kindOf } from './token-kind.js';

/** Clerk's default tolerance. https://clerk.com/docs/guides/sessions/manual-jwt-verification */
export const CLOCK_TOLERANCE_SECONDS = 5;

/** The audience is another for a user's token and for a machine's: see token-kind.ts. */
export function claimRules(issuer: string | string[]): JWTClaimVerificationOptions {
  return { issuer, clockTolerance: CLOCK_TOLERANCE_SECONDS, requiredClaims: ['sub', 'exp'] };
}

/**
 * The claims by the same rules as those of a verified token. Only a verified token proves them.
 * @throws jose's errors
 */
export function unverifiedClaims(token: string, { users, machines }: AuthConfig): JWTPayload {
  const [, payload = ''] = token.split('.');
  const rules = claimRules([users.issuer, machines.issuer]);
  // jose checks the claims of a verified token or of an unsecured one.
  return UnsecuredJWT.decode(`${UNSECURED_HEADER}.${payload}.`, rules).payload;
}

const [UNSECURED_HEADER] = new UnsecuredJWT().encode().split('.');

/** @throws Problem where the claims identify no caller of this API */
export function toPrincipal(claims: JWTPayload, config: AuthConfig): Principal {
  const { sub } = claims as Record<string, unknown>;
  if (typeof sub !== 'string' || sub === '') throw malformed('sub');
  checkLifetime(claims, config);
  return kindOf(sub, claims, config) === 'machines'
    ? toMachine(sub, claims, config)
    : toSession(claims, config);
}

function checkLifetime({ iat, exp = 0 }: JWTPayload, { maxTokenLifetimeSeconds }: AuthConfig): void {
  const now = Math.floor(Date.now() / 1000);
  if (iat !== undefined && iat > now + CLOCK_TOLERANCE_SECONDS) {
    throw new Problem('token_not_yet_valid', NOT_YET_VALID);
  }
  if (exp - (iat ?? now) <= maxTokenLifetimeSeconds) return;
  throw new Problem(
    'token_lifetime_too_long',
    `The token is valid for more than ${maxTokenLifetimeSeconds} s (AUTH_MAX_TOKEN_LIFETIME). Get one with a shorter lifetime.`,
  );
}

/**
 * They ask OpenID Connect for claims, and this API for nothing. Keycloak writes some into each token.
 * https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
 */
const OPENID_SCOPES = ['openid', 'profile', 'email', 'address', 'phone', 'offline_access'];

/** The operator grants scopes, because any machine can ask the issuer for a token with any claim. */
function toMachine(subject: string, claims: JWTPayload, { machines }: AuthConfig): Principal {
  const { iat, scope } = claims as Record<string, unknown>;
  if (iat === undefined) throw malformed('iat');
  const granted = machines.scopes.get(subject) ?? [];
  if (scope === undefined) return { kind: 'machine', subject, scopes: granted };
  const claimed = typeof scope === 'string' ? scope.split(' ') : [];
  const narrows = !claimed.length || claimed.some((each) => !OPENID_SCOPES.includes(each));
  const scopes = narrows ? granted.filter((each) => claimed.includes(each)) : granted;
  return { kind: 'machine', subject, scopes };
}

function toSession(claims: JWTPayload, { users }: AuthConfig): Principal {
  const { sid, sts, act, iat, [users.idClaim]: clerkId } = claims as Record<string, unknown>;
  if (typeof clerkId !== 'string' || clerkId === '') throw malformed(users.idClaim, 'AUTH_USER_ID_CLAIM');
  if (users.requiresSessionId && (typeof sid !== 'string' || sid === '')) {
    throw new Problem(
      'token_not_a_session',
      'The token has no session id (`sid`). Send a session token. If those of the issuer have none, the operator of ' +
        'the API sets AUTH_REQUIRE_SESSION_ID=off.',
    );
  }
  if (sts === 'pending') {
    throw new Problem('session_pending', 'The session is pending: the user must finish signing in.');
  }
  checkParty(claims, users.authorizedParties);
  return {
    kind: 'session',
    clerkId,
    issuedAt: iat === undefined ? undefined : new Date(Number(iat) * 1000),
    // The actor. https://www.rfc-editor.org/rfc/rfc8693#section-4.1
    impersonated: act !== undefined && act !== null,
  };
}

/** `client_id` has the party in tokens after https://www.rfc-editor.org/rfc/rfc9068 */
function checkParty({ azp, client_id }: JWTPayload, authorizedParties: readonly string[]): void {
  const party = azp ?? client_id;
  // Clerk omits `azp` if the browser sent no Origin.
  if (party === undefined || authorizedParties.includes('*') || authorizedParties.includes(String(party)))
    return;
  throw new Problem(
    'token_wrong_party',
    'The token was issued to an origin or a client (`azp`) that is not among AUTH_AUTHORIZED_PARTIES.',
  );
}

function malformed(claim: string, variable?: string): Problem {
  const name = variable ? `"${claim}" (${variable})` : `"${claim}"`;
  return new Problem('token_malformed', `The token's claim ${name} is missing or malformed.`);
}
