import { Client, Connection } from '@temporalio/client';
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
