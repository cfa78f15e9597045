import { createServer, type RequestListener } from 'node:http';
import { loadIssuerKey, publicPartOf } from './issuer-key.js';
import { serve } from './serve.js';

interface TokenIssuerOptions {
  keyFile: string;
  port?: number;
  host?: string;
  /** At which others reach it, where that is not where it listens. */
  publicUrl?: string;
}

const JWKS_PATH = '/.well-known/jwks.json';

/**
 * Stands in for Clerk: it publishes the key with which sign-token.ts signs. It is also the OpenID Connect provider of the
 * console, which loads at its first request: most stacks never need it.
 */
export async function startTokenIssuer({ keyFile, publicUrl, ...address }: TokenIssuerOptions) {
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
  const { url, stop } = await serve(server, address);
  const issuerUrl = publicUrl ?? url;
  return { issuerUrl, jwksUrl: issuerUrl + JWKS_PATH, key, stop };
}
