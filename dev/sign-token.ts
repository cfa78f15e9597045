import { importJWK, SignJWT } from 'jose';
import type { IssuerKey } from './issuer-key.js';

/** Added to the token's claims, or in their place; `undefined` leaves a claim out. */
type Claims = Record<string, unknown>;

/** Clerk's tokens live a minute; a development token should outlast a debugging session. */
const LIFETIME_SECONDS = 60 * 60;

/** A machine that the API of `npm start` grants every scope. */
export const LOCAL_MACHINE = 'mch_local';

/** A browser's token: https://clerk.com/docs/guides/sessions/session-tokens */
export function signSessionToken(
  key: IssuerKey,
  { issuerUrl, clerkId, ...claims }: { issuerUrl: string; clerkId: string } & Claims,
): Promise<string> {
  return sign(key, { iss: issuerUrl, sub: clerkId, sid: `sess_${clerkId}`, ...claims });
}

/** A backend's token, its scopes separated by spaces: https://clerk.com/changelog/2026-02-24-m2m-jwt-tokens */
export function signMachineToken(
  key: IssuerKey,
  { issuerUrl, subject, ...claims }: { issuerUrl: string; subject?: string; scope: string } & Claims,
): Promise<string> {
  return sign(key, { iss: issuerUrl, sub: subject ?? LOCAL_MACHINE, ...claims });
}

async function sign(key: IssuerKey, claims: Claims): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const times = { iat: now, nbf: now, exp: now + LIFETIME_SECONDS };
  return new SignJWT({ ...times, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .sign(await importJWK(key, 'RS256'));
}
