import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadIssuerKey, publicPartOf } from './issuer-key.js';

const JWKS_PATH = '/.well-known/jwks.json';

/** Stands in for Clerk: it publishes the key with which sign-token.ts signs. */
export async function startTokenIssuer({ keyFile, port = 0 }: { keyFile: string; port?: number }) {
  const key = await loadIssuerKey(keyFile);
  const jwks = JSON.stringify({ keys: [publicPartOf(key)] });
  const server = createServer((request, response) => {
    if (request.url !== JWKS_PATH) return response.writeHead(404).end();
    return response.writeHead(200, { 'content-type': 'application/json' }).end(jwks);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  const issuerUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuerUrl,
    jwksUrl: issuerUrl + JWKS_PATH,
    key,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
