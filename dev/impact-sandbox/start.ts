import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSandboxApp, type SandboxAppOptions } from './app.js';

export interface ImpactSandbox {
  url: string;
  stop(): Promise<void>;
}

export interface ImpactSandboxOptions extends SandboxAppOptions {
  /** 0 (the default) takes a free port. */
  port?: number;
  host?: string;
}

/**
 * A test double of what Impact.com's API has for conversions, their submissions and their actions, built from its
 * documentation and never compared with the live API. It speaks plain HTTP for use on one machine; Impact itself takes HTTPS only.
 */
export async function startImpactSandbox(options: ImpactSandboxOptions): Promise<ImpactSandbox> {
  const { host = '127.0.0.1', port = 0 } = options;
  const server = createServer(createSandboxApp(options));
  // No idle connection is closed under a caller on a busy machine: only a fault breaks one.
  server.keepAliveTimeout = 60_000;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
