import { once } from 'node:events';
import { createApp } from './api/app.js';
import { createAuthenticate } from './api/authenticate.js';
import { createKeysOfIssuers } from './api/issuer-keys.js';
import { loadApiConfig } from './config.js';
import type { Conversion } from './domain/conversion.js';
import { createHttpServer, INTERNAL_LIMITS } from './http-server.js';
import { createInternalApp } from './internal-app.js';
import { showNoAdjustments } from './ledger/count-amounts.js';
import { runProcess, stopSignal } from './lifecycle.js';
import { createMetrics } from './metrics.js';
import { createMetricsEndpoint } from './metrics-endpoint.js';
import { openDatabase } from './mongo.js';
import { refuseContradictions } from './refuse-contradictions.js';
import { createStripeSource } from './sources/stripe/index.js';
import { createTemporalClient } from './temporal/client.js';
import { createWorkflowStarter } from './temporal/wake-soon.js';
import { startTracing } from './tracing/tracing.js';
import { createUserIdOf } from './users/user-id.js';

/** Time for open requests to finish after a signal to stop. */
const DRAIN_MS = 10_000;

/** The API process. It never has Impact's credentials. */
await runProcess(loadApiConfig, async (config, logger) => {
  const stopping = stopSignal();
  const { programme } = config;
  if (config.auth.machines.scopes.size === 0) {
    const fields = { code: 'no_machine_scopes' };
    logger.warn(fields, 'MACHINE_SCOPES is empty, so no backend can publish, read or operate conversions');
  }
  const tracing = await startTracing(config.tracing, 'affiliate-api');
  const db = await openDatabase(config.mongoUri);
  await refuseContradictions(db, config.programme);
  const temporal = createTemporalClient(config.temporal, tracing);
  const starter = createWorkflowStarter({ db, temporal, logger, deadlineMs: 5_000 });
  const metrics = createMetrics();
  showNoAdjustments(metrics, programme);
  const userIdOf = createUserIdOf(config.userIdKey);
  const wake = (conversion: Conversion) => starter.wakeSoon(conversion);
  const ledger = { ...config, db, metrics, userIdOf };
  const { stripe } = config;
  const app = createApp({
    ...config,
    stripe: stripe ? await createStripeSource({ ...ledger, stripe, logger, wake }) : undefined,
    tracing,
    db,
    temporal,
    starter,
    logger,
    metrics,
    userIdOf,
    authenticate: createAuthenticate(config.auth, createKeysOfIssuers(config.auth, { metrics, logger })),
    ready: async () => {
      if (!server.listening) throw new Error('shutting down');
      await db.ping();
    },
  });
  const server = createHttpServer(app).listen(config.port, config.host);
  server.on('drop', () => metrics.requestsRefused.inc({ limit: 'connections' }));
  const internal = createHttpServer(
    createInternalApp(logger, createMetricsEndpoint({ metrics, logger })),
    INTERNAL_LIMITS,
  ).listen(config.metricsPort, config.host);
  await Promise.all([once(server, 'listening'), once(internal, 'listening')]);
  logger.info({ address: server.address(), metrics: internal.address() }, 'the API listens');

  logger.info({ signal: await stopping }, 'the API stops');
  const closed = once(server, 'close');
  server.close();
  setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  await closed;
  await starter.drain();
  internal.close();
  await temporal.connection.close();
  await db.close();
  await tracing?.shutdown();
});
