import { createServer } from 'node:http';
import { loadIssuerKey, publicPartOf } from './issuer-key.js';
import { serve } from './serve.js';

const JWKS_PATH = '/.well-known/jwks.json';

/** Stands in for Clerk: it publishes the key with which sign-token.ts signs. */
export async function startTokenIssuer({ keyFile, port = 0 }: { keyFile: string; port?: number }) {
  const key = await loadIssuerKey(keyFile);
  const jwks = JSON.stringify({ keys: [publicPartOf(key)] });
  const server = createServer((request, response) => {
    if (request.url !== JWKS_PATH) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': 'application/json' }).end(jwks);
  });
  const { url: issuerUrl, stop } = await serve(server, { port });
  return { issuerUrl, jwksUrl: issuerUrl + JWKS_PATH, key, stop };
}
