import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ApiRequest {
  method: string;
  path: string;
  /** Value of the header that carries the click id. */
  clickId: string | undefined;
  body: string;
}

export type ApiGateway = Awaited<ReturnType<typeof startApiGateway>>;

/** A proxy between the site and the API. It records the requests, and a test can take it down. */
export async function startApiGateway(apiUrl: string) {
  const requests: ApiRequest[] = [];
  const server = createServer((incoming, response) => {
    void passOn(incoming, response, apiUrl, requests);
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    attributions: () =>
      requests
        .filter(({ method }) => method === 'PUT')
        .map(({ body }) => (JSON.parse(body) as { clickId: string }).clickId),
    async down() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    up: () => listen(port),
  };
}

async function passOn(
  incoming: IncomingMessage,
  response: ServerResponse,
  apiUrl: string,
  requests: ApiRequest[],
): Promise<void> {
  const { method = '', url = '', headers } = incoming;
  const body = await text(incoming);
  requests.push({
    method,
    path: url,
    clickId: headers['x-affiliate-click-id'] as string | undefined,
    body,
  });
  const outgoing = request(apiUrl + url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.end(body);
}
