import { createServer, type ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import { serve } from '../../dev/serve.js';

export type KeyServer = Awaited<ReturnType<typeof startKeyServer>>;

/** An issuer's JWKS whose answer a test chooses. It counts the requests. */
export async function startKeyServer(keys: readonly JWK[]) {
  let respond = answer(200, { keys });
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches += 1;
    respond(response);
  });
  const { url, stop } = await serve(server);
  return {
    jwksUrl: `${url}/jwks.json`,
    fetches: () => fetches,
    publish(...published: readonly JWK[]) {
      respond = answer(200, { keys: published });
    },
    answerWith(status: number, body: unknown) {
      respond = answer(status, body);
    },
    hang() {
      respond = () => undefined;
    },
    stop,
  };
}

function answer(status: number, body: unknown) {
  return (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
}
