import { Client, Connection, isGrpcServiceError, ServiceError } from '@temporalio/client';
import type { LogLevel, LogMetadata, Logger as TemporalLogger } from '@temporalio/common';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { RuntimeOptions } from '@temporalio/worker';
import { conversionIdOf } from '../domain/conversion.js';
import type { Logger } from '../logger.js';
import { traceStarts } from '../tracing/temporal.js';
import type { Tracing } from '../tracing/tracing.js';

/** A client that connects on first use, so that the API boots and answers while Temporal is down. */
export function createTemporalClient(config: ClientConnectConfig, tracing?: Tracing): Client {
  return new Client({
    connection: Connection.lazy(config.connectionOptions),
    ...(config.namespace ? { namespace: config.namespace } : {}),
    ...(tracing ? { interceptors: { workflow: [traceStarts(tracing)] } } : {}),
  });
}

/** gRPC's DEADLINE_EXCEEDED and UNAVAILABLE. */
const OUT_OF_REACH = [4, 14];

/** Temporal did not answer: nothing is known to be wrong with the request. */
export function isUnavailable(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && OUT_OF_REACH.includes(cause.code);
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
export function temporalLogger(logger: Logger): TemporalLogger {
  const inOurWords = createTranslation();
  const log = (level: LogLevel, message: string, meta?: LogMetadata) => {
    // The workers for calls to Impact have activities alone, on purpose.
    const expected = message.startsWith('No workflows registered');
    logger[expected ? 'debug' : LEVELS[level]](inOurWords(meta), message);
  };
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
  };
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
