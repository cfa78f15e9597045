import { once } from 'node:events';
import { NativeConnection, Runtime } from '@temporalio/worker';
import express from 'express';
import { createHealth } from './api/health.js';
import { loadWorkerConfig } from './config.js';
import { startConversionWorker } from './conversion-worker.js';
import { campaignEvents } from './domain/campaign-events/index.js';
import { createImpactClient } from './impact/client.js';
import { runProcess, stopSignal } from './lifecycle.js';
import { createLogger } from './logger.js';
import { createMetrics } from './metrics.js';
import { openDatabase } from './mongo.js';
import { createTemporalClient, temporalLogger } from './temporal.js';

/** The worker process: workflows, activities, the relay, and the only place with Impact's credentials. */
const logger = createLogger(process.env.LOG_LEVEL ?? 'info');

await runProcess(logger, async () => {
  const config = loadWorkerConfig();
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
  const stopping = stopSignal();
  const { namespace = 'default', connectionOptions } = config.temporal;
  const db = await openDatabase(config.mongoUri);
  const connection = await NativeConnection.connect(connectionOptions);
  const temporal = createTemporalClient(config.temporal);
  const impact = createImpactClient(config.impact);
  if (!impact)
    logger.warn({ code: 'provider_not_configured' }, 'no Impact credentials: every conversion is skipped');
  const worker = await startConversionWorker({
    db,
    connection,
    temporal,
    namespace,
    campaignEvents,
    impact,
    logger,
    maxRequestsPerSecond: config.impact.maxRequestsPerSecond,
  });
  const ready = async () => {
    if (!worker.isRunning()) throw new Error('not polling');
    await db.ping();
  };
  const server = express()
    .use(createHealth({ ready, metrics: createMetrics() }))
    .listen(config.port, config.host);
  await once(server, 'listening');
  logger.info({ address: server.address() }, 'the worker runs');

  try {
    await Promise.race([stopping, worker.finished]);
  } finally {
    logger.info('the worker stops');
    await worker.shutdown();
    server.close();
    await temporal.connection.close();
    await connection.close();
    await db.close();
  }
});
