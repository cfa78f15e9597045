import { createServer, type RequestListener } from 'node:http';
import { loadIssuerKey, publicPartOf } from './issuer-key.js';
import { serve } from './serve.js';

const JWKS_PATH = '/.well-known/jwks.json';

/**
 * Stands in for Clerk: it publishes the key with which sign-token.ts signs. It is also the OpenID Connect provider of the
 * console, which loads at its first request: most stacks never need it.
 */
export async function startTokenIssuer({ keyFile, port = 0 }: { keyFile: string; port?: number }) {
  const key = await loadIssuerKey(keyFile);
  const jwks = JSON.stringify({ keys: [publicPartOf(key)] });
  let provider: Promise<RequestListener> | undefined;
  const server = createServer(async (request, response) => {
    if (request.url === JWKS_PATH)
      return response.writeHead(200, { 'content-type': 'application/json' }).end(jwks);
    provider ??= import('./openid-provider.js').then(({ createOpenIdProvider }) =>
      createOpenIdProvider(issuerUrl),
    );
    return (await provider)(request, response);
  });
  const { url: issuerUrl, stop } = await serve(server, { port });
  return { issuerUrl, jwksUrl: issuerUrl + JWKS_PATH, key, stop };
}
