import { createServer } from 'node:http';
import { importJWK, SignJWT } from 'jose';
import { type IssuerKey, publicPartOf } from '../../../dev/issuer-key.js';
import { serve } from '../../../dev/serve.js';
import { signSessionToken } from '../../../dev/sign-token.js';

const INSTANCE = { issuerUrl: 'https://clerk.example.com', azp: 'https://example.com' };

/**
 * What a site with Clerk needs without Clerk's servers: a made-up instance for development, and the one endpoint of Clerk's
 * Backend API that its middleware calls, for the key of the session tokens. The publishable key names the issuer's host, as
 * Clerk ignores a session token of another issuer.
 */
export async function startClerkKeys(key: IssuerKey, issuerUrl = INSTANCE.issuerUrl) {
  const jwks = JSON.stringify({ keys: [publicPartOf(key)] });
  const server = createServer(({ url }, response) => {
    response.writeHead(url === '/v1/jwks' ? 200 : 404, { 'content-type': 'application/json' }).end(jwks);
  });
  const { url, stop } = await serve(server);
  return {
    environment: {
      NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: `pk_test_${Buffer.from(`${new URL(issuerUrl).host}$`).toString('base64')}`,
      CLERK_SECRET_KEY: `sk_test_${'x'.repeat(40)}`,
      CLERK_API_URL: url,
      NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED: '1',
    },
    stop,
  };
}

/** The cookies of a browser that Clerk knows. https://clerk.com/docs/guides/how-clerk-works/cookies */
export const signedOutCookies = '__clerk_db_jwt=dvb_1; __client_uat=0';

/** The claims are those of version 2. https://clerk.com/docs/guides/sessions/session-tokens */
export async function signedInCookies(key: IssuerKey, clerkId: string, { issuerUrl, azp } = INSTANCE) {
  const token = await signSessionToken(key, { issuerUrl, clerkId, azp, sts: 'active', fva: [0, -1], v: 2 });
  const signedInAt = Math.floor(Date.now() / 1000) - 1;
  return `__clerk_db_jwt=dvb_1; __client_uat=${signedInAt}; __session=${token}`;
}

/** What Clerk's servers add to the address to which a handshake returns: the cookies that the site is to set. */
export async function signHandshake(key: IssuerKey, cookies: string): Promise<string> {
  const handshake = cookies.split('; ').map((cookie) => `${cookie}; Path=/; SameSite=Lax`);
  return new SignJWT({ handshake })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .sign(await importJWK(key, 'RS256'));
}
