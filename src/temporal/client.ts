import { Client, Connection, isGrpcServiceError, ServiceError } from '@temporalio/client';
import type { ClientConnectConfig } from '@temporalio/envconfig';
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
