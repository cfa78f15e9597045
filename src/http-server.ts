import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Express } from 'express';

/** The limits of every port of this service, against clients that are slow, silent or many. Times in milliseconds. */
export const HTTP_LIMITS = {
  /** For the request line and the headers. */
  headersTimeout: 10_000,
  /** For the body, which has 16 kB at most. An import has none of this limit (`liftRequestTimeout`). */
  requestTimeout: 20_000,
  /** How often Node checks the headers. Its default, 30 s, would be added to their limit. */
  connectionsCheckingInterval: 1_000,
  /** Longer than load balancers keep an idle connection (often 60 s), so that they never send into a closed one. */
  keepAliveTimeout: 75_000,
  /** For a connection on which nothing moves while its request is answered: its client does not read the answer. */
  silenceTimeout: 60_000,
  /** Further connections are closed at once. Behind a proxy, one connection carries many requests. */
  maxConnections: 2_000,
};

/** Of a port for probes and Prometheus. */
export const INTERNAL_LIMITS = { maxConnections: 100 };

const REQUEST_TIMEOUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';
const CONNECT_REFUSED = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

export function createHttpServer(app: Express, limits: Partial<typeof HTTP_LIMITS> = {}): Server {
  const { maxConnections, silenceTimeout, requestTimeout, ...timeouts } = { ...HTTP_LIMITS, ...limits };
  // Node's own limit holds for every request of a server.
  const server = createServer({ ...timeouts, requestTimeout: 0 });
  server.on('request', (request, response) => limitBody(request, response, requestTimeout));
  server.on('request', app);
  server.maxConnections = maxConnections;
  server.timeout = silenceTimeout;
  // Node would close the connection without an answer.
  server.on('connect', (_request, socket) => socket.end(CONNECT_REFUSED));
  return server;
}

const bodyTimers = new WeakMap<IncomingMessage, NodeJS.Timeout>();

/** Also of a request that is answered already, as its connection would stay open. */
function limitBody(request: IncomingMessage, response: ServerResponse, timeoutMs: number): void {
  if (isWithoutBody(request)) return;
  const { socket } = request;
  const timer = setTimeout(() => {
    if (!response.headersSent) socket.write(REQUEST_TIMEOUT);
    // An answer that the client does not read would hold the connection open.
    else if (!response.writableFinished) socket.destroy();
    socket.destroySoon();
  }, timeoutMs);
  bodyTimers.set(request, timer);
  request.once('close', () => clearTimeout(timer));
}

/** For the body of an authorized caller that may have any length. The limit of silence still holds. */
export function liftRequestTimeout(request: IncomingMessage): void {
  clearTimeout(bodyTimers.get(request));
}

export function isWithoutBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}
