import { once } from 'node:events';
import { createApp } from './api/app.js';
import { createAuthenticate } from './api/authenticate.js';
import { loadApiConfig } from './config.js';
import { createWorkflowStarter } from './conversions/start-soon.js';
import { campaignEvents } from './domain/campaign-events/index.js';
import { runProcess, stopSignal } from './lifecycle.js';
import { createLogger } from './logger.js';
import { createMetrics } from './metrics.js';
import { openDatabase } from './mongo.js';
import { createTemporalClient } from './temporal.js';

/** The API process. It never holds Impact's credentials. */
const logger = createLogger(process.env.LOG_LEVEL ?? 'info');

await runProcess(logger, async () => {
  const config = loadApiConfig();
  const stopping = stopSignal();
  const db = await openDatabase(config.mongoUri);
  const temporal = createTemporalClient(config.temporal);
  const starter = createWorkflowStarter({ db, temporal, logger, deadlineMs: 5_000 });
  const app = createApp({
    ...config,
    db,
    starter,
    logger,
    campaignEvents,
    metrics: createMetrics(),
    authenticate: createAuthenticate(config.auth),
    ready: async () => {
      if (!server.listening) throw new Error('shutting down');
      await db.ping();
    },
  });
  const server = app.listen(config.port, config.host);
  await once(server, 'listening');
  logger.info({ address: server.address() }, 'the API listens');

  logger.info({ signal: await stopping }, 'the API stops');
  server.close();
  server.closeIdleConnections();
  await once(server, 'close');
  await starter.drain();
  await temporal.connection.close();
  await db.close();
});
