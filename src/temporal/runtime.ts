import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Runtime } from '@temporalio/worker';
import type { Logger } from '../logger.js';
import type { MetricsSource } from '../metrics-endpoint.js';
import { runtimeOptions } from './client.js';

const ATTEMPTS = 5;

/**
 * Installs Temporal's runtime, of which a process has one, before anything else of its worker. The runtime serves its
 * metrics on a port of its own: on loopback, and read from there into the worker's page.
 */
export async function installTemporalRuntime(logger: Logger): Promise<MetricsSource> {
  for (let attempt = 1; ; attempt += 1) {
    const bindAddress = `127.0.0.1:${await freePort()}`;
    try {
      const options = runtimeOptions(logger);
      const metrics = { prometheus: { bindAddress } };
      Runtime.install({ ...options, telemetryOptions: { ...options.telemetryOptions, metrics } });
      return { name: 'temporal', read: () => read(`http://${bindAddress}/metrics`) };
    } catch (error) {
      // The runtime does not report a port that it chose itself, and another process may take our port first.
      if (attempt === ATTEMPTS || !/Address already in use/.test(String(error))) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function read(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Temporal's runtime answered ${response.status}`);
  return response.text();
}
