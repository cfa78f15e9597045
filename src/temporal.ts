import { Client, Connection, isGrpcServiceError, ServiceError } from '@temporalio/client';
import type { LogMetadata, Logger as TemporalLogger } from '@temporalio/common';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { Logger } from './logger.js';

/** A client that connects on first use, so that the API boots and answers while Temporal is down. */
export function createTemporalClient(config: ClientConnectConfig): Client {
  return new Client({
    connection: Connection.lazy(config.connectionOptions),
    ...(config.namespace ? { namespace: config.namespace } : {}),
  });
}

/** gRPC's DEADLINE_EXCEEDED and UNAVAILABLE. */
const OUT_OF_REACH = [4, 14];

/** Nobody answered, so that nothing is wrong with what was asked. */
export function isOutOfReach(error: unknown): boolean {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && OUT_OF_REACH.includes(cause.code);
}

/** Temporal's own log lines, in ours. */
export function temporalLogger(logger: Logger): TemporalLogger {
  const at =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: LogMetadata) =>
      logger[level](meta ?? {}, message);
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    // The worker for calls to Impact has activities alone, on purpose.
    warn: (message, meta) =>
      at(message.startsWith('No workflows registered') ? 'debug' : 'warn')(message, meta),
    error: at('error'),
    log: (level, message, meta) => at(level.toLowerCase() as 'info')(message, meta),
  };
}
