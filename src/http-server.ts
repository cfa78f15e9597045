import { createServer, type Server } from 'node:http';
import type { Express } from 'express';

/** The limits of every port of this service, against clients that are slow, silent or many. Times in milliseconds. */
export const HTTP_LIMITS = {
  /** For the request line and the headers. */
  headersTimeout: 10_000,
  /** For the whole request: a body has 16 kB at most. */
  requestTimeout: 20_000,
  /** How often Node checks the two above. Its default, 30 s, would be added to them. */
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

const CONNECT_REFUSED = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';

export function createHttpServer(app: Express, limits: Partial<typeof HTTP_LIMITS> = {}): Server {
  const { maxConnections, silenceTimeout, ...timeouts } = { ...HTTP_LIMITS, ...limits };
  const server = createServer(timeouts, app);
  server.maxConnections = maxConnections;
  server.timeout = silenceTimeout;
  // Node would close the connection without an answer.
  server.on('connect', (_request, socket) => socket.end(CONNECT_REFUSED));
  return server;
}
