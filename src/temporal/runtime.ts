import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { LogMetadata } from '@temporalio/common';
import { DefaultLogger, Runtime, type RuntimeOptions } from '@temporalio/worker';
import { conversionIdOf } from '../domain/conversion.js';
import type { Logger } from '../logger.js';
import type { MetricsSource } from '../metrics-endpoint.js';

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

/** Lines of the native core as well, which would go to the console in a form of their own. */
export function runtimeOptions(logger: Logger): RuntimeOptions {
  return {
    logger: temporalLogger(logger),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } },
    shutdownSignals: [],
  };
}

/** Temporal's own log lines, in ours: they name the conversion instead of a workflow alone. */
export function temporalLogger(logger: Logger): DefaultLogger {
  const inOurWords = createTranslation();
  return new DefaultLogger('TRACE', ({ level, message, meta }) => {
    // The workers for calls to Impact have activities alone, on purpose.
    const expected = message.startsWith('No workflows registered');
    logger[expected ? 'debug' : LEVELS[level]](inOurWords(meta), message);
  });
}

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Lines of the native core name the run alone, so some of those that came before are remembered. */
const REMEMBERED_RUNS = 1_000;

function createTranslation() {
  const conversionsByRun = new Map<string, string>();
  return ({ error, ...meta }: LogMetadata = {}): Record<string, unknown> => {
    const runId = String(meta.runId ?? meta.workflowRunId ?? '');
    const conversionId =
      typeof meta.workflowId === 'string' ? conversionIdOf(meta.workflowId) : conversionsByRun.get(runId);
    if (conversionId !== undefined && runId !== '') {
      const [oldest = ''] = conversionsByRun.keys();
      if (conversionsByRun.size >= REMEMBERED_RUNS) conversionsByRun.delete(oldest);
      conversionsByRun.set(runId, conversionId);
    }
    return {
      ...meta,
      ...(conversionId !== undefined && { conversionId }),
      ...(error !== undefined && { err: error }),
    };
  };
}
