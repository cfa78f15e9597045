import { readFile } from 'node:fs/promises';
import { importJWK, type JWK, SignJWT } from 'jose';
import { cookies } from 'next/headers';
import { variable } from './config';

/** Clerk does this for a real site: it knows the signed-in user, and issues the session token for the API. */

const SESSION_COOKIE = 'session';
const LIFETIME_SECONDS = 60 * 60;

export async function sessionToken(): Promise<string | undefined> {
  return (await cookies()).get(SESSION_COOKIE)?.value;
}

export async function startSession(clerkId: string): Promise<void> {
  (await cookies()).set(SESSION_COOKIE, await signSessionToken(clerkId), {
    httpOnly: true,
    sameSite: 'lax',
    maxAge: LIFETIME_SECONDS,
  });
}

export async function endSession(): Promise<void> {
  (await cookies()).delete(SESSION_COOKIE);
}

async function signSessionToken(clerkId: string): Promise<string> {
  const url = variable('ISSUER_URL');
  // The issuer's key signs a session for any user. So the issuer must be the one of `npm start`, on this machine.
  if (!/^http:\/\/127\.0\.0\.1:\d+$/.test(url)) {
    throw new Error(`This sign-in is for the development issuer on 127.0.0.1 only, not for ${url}`);
  }
  const key = JSON.parse(await readFile(variable('ISSUER_KEY_FILE'), 'utf8')) as JWK & { kid: string };
  return new SignJWT({ sid: `sess_${clerkId}` })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .setIssuer(url)
    .setSubject(clerkId)
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime(`${LIFETIME_SECONDS}s`)
    .sign(await importJWK(key, 'RS256'));
}
