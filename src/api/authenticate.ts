import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { AuthConfig } from '../config.js';
import type { Scope } from '../domain/scopes.js';
import type { IssuerKeys } from './issuer-keys.js';
import { Problem } from './problem.js';
import { claimRules, toPrincipal, unverifiedClaims } from './token-claims.js';
import { explainTokenError } from './token-errors.js';

export type Principal =
  /** `impersonated`: somebody else acts as the user, such as an agent of the support. */
  | { kind: 'session'; clerkId: string; impersonated: boolean; issuedAt: Date | undefined }
  | { kind: 'machine'; subject: string; scopes: readonly Scope[] }
  /** Its signature of the body stands in for a token. */
  | { kind: 'sender' }
  /** An affiliate manager, signed in to the console. */
  | { kind: 'manager'; subject: string; name: string };

/** @throws Problem with a `token_…` code, `session_pending`, or `authentication_unavailable` */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

/** Of verified tokens: a browser sends the same one with each request, and a signature costs more than the rest of a read. */
const MAX_REMEMBERED = 10_000;

/** A key that the issuer removes verifies for so much longer. */
const REMEMBERED_MS = 60_000;

/**
 * Verifies users' and machines' tokens with their issuer's keys. By default they are Clerk's session tokens and its
 * machine-to-machine tokens in JWT format; docs/authentication.md shows others.
 * https://clerk.com/docs/guides/sessions/session-tokens
 * https://clerk.com/changelog/2026-02-24-m2m-jwt-tokens
 */
export function createAuthenticate(
  config: AuthConfig,
  keys: Record<'users' | 'machines', IssuerKeys>,
): Authenticate {
  const algorithms = [...config.algorithms];
  const remembered = new LRUCache<string, Principal>({ max: MAX_REMEMBERED, perf: Date, ttlResolution: 0 });
  return async (authorization) => {
    const token = bearerToken(authorization);
    const known = remembered.get(token);
    if (known) return known;
    try {
      // A token that would be refused anyway costs no signature check, and the issuer no request.
      const claims = unverifiedClaims(token, config);
      toPrincipal(claims, config);
      const issuer = claims.iss === config.users.issuer ? 'users' : 'machines';
      const options = { ...claimRules(config[issuer].issuer), algorithms };
      const principal = toPrincipal(await verify(token, keys[issuer](claims.iat), options), config);
      const ttl = Math.min(REMEMBERED_MS, Number(claims.exp) * 1_000 - Date.now());
      if (ttl > 0) remembered.set(token, principal, { ttl });
      return principal;
    } catch (error) {
      if (error instanceof Problem) throw error;
      if (!(error instanceof errors.JOSEError)) throw error;
      throw new Problem(...explainTokenError(error, config), { cause: error });
    }
  };
}

function bearerToken(authorization: string | undefined): string {
  const token = authorization?.match(/^Bearer +(\S+)$/i)?.[1];
  if (token) return token;
  throw new Problem('token_missing', 'Send the token as "Authorization: Bearer <token>".');
}

async function verify(
  token: string,
  findKey: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, findKey, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return await verifyWithAnyOf(error, (key) => jwtVerify(token, key, options));
  }
}

/** A token without `kid` does not say which of several keys signed it. */
async function verifyWithAnyOf<Key>(
  keys: AsyncIterable<Key>,
  verifyWith: (key: Key) => Promise<{ payload: JWTPayload }>,
): Promise<JWTPayload> {
  for await (const key of keys) {
    try {
      return (await verifyWith(key)).payload;
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}
