import { once } from 'node:events';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { loadWorkerConfig } from './config.js';
import { databaseMetrics } from './database-metrics.js';
import { createHealth } from './health.js';
import { createHttpServer, INTERNAL_LIMITS } from './http-server.js';
import { createImpactClient } from './impact/client.js';
import { observeImpact } from './impact/observe.js';
import { createInternalApp } from './internal-app.js';
import { runProcess, stopSignal } from './lifecycle.js';
import { createMetrics, showImpactConfigured } from './metrics.js';
import { createMetricsEndpoint } from './metrics-endpoint.js';
import { openDatabase } from './mongo.js';
import { refuseContradictions } from './refuse-contradictions.js';
import { applyAuditSchedule } from './temporal/audit-schedule.js';
import { createTemporalClient } from './temporal/client.js';
import { RELEASE } from './temporal/release-skipped.js';
import { installTemporalRuntime } from './temporal/runtime.js';
import { startConversionWorker } from './temporal/workers.js';
import { tracedFetch } from './tracing/traced-fetch.js';
import { startTracing } from './tracing/tracing.js';

/** The worker process: workflows, activities, the relay, and the only place with Impact's credentials. */
await runProcess(loadWorkerConfig, async (config, logger) => {
  const temporalMetrics = await installTemporalRuntime(logger);
  const stopping = stopSignal();
  const { namespace = 'default' } = config.temporal;
  const tracing = await startTracing(config.tracing, 'affiliate-worker');
  const db = await openDatabase(config.mongoUri);
  await refuseContradictions(db, config.programme);
  const connection = await connectToTemporal(config.temporal);
  const temporal = createTemporalClient(config.temporal, tracing);
  const metrics = createMetrics();
  const impact = createImpactClient(
    config.impact,
    tracing ? tracedFetch(tracing) : fetch,
    observeImpact(metrics),
  );
  showImpactConfigured(metrics, impact !== null);
  const audited = config.audit && impact !== null;
  if (!impact) logger.warn({ code: 'provider_not_configured' }, 'no Impact credentials: all is skipped');
  const worker = await startConversionWorker({
    db,
    connection,
    temporal,
    namespace,
    programme: config.programme,
    impact,
    logger,
    metrics,
    tracing,
    maxRequestsPerSecond: config.impact.maxRequestsPerSecond,
    maxReadsPerHour: config.impact.maxReadsPerHour,
    confirmAfterMs: config.impact.confirmAfterMs,
    confirmWithinMs: config.impact.confirmWithinMs,
    lookUp: config.impact.lookUp,
    buildId: config.buildId,
    release: { ...RELEASE, heldMs: config.heldMs },
  });
  const ready = async () => {
    const problem = worker.problem();
    if (problem) throw new Error(problem);
    await db.ping();
  };
  const sources = [...databaseMetrics(db, config, { audited }), temporalMetrics];
  const endpoints = [createHealth({ ready }), createMetricsEndpoint({ metrics, logger, sources })];
  const app = createInternalApp(logger, ...endpoints);
  const server = createHttpServer(app, INTERNAL_LIMITS).listen(config.port, config.host);
  await once(server, 'listening');
  logger.info({ address: server.address() }, 'the worker runs');
  // Reporting comes first: a schedule that cannot be set now is set by the next start.
  void applyAuditSchedule(temporal, audited).catch((error: unknown) => {
    logger.warn({ err: error, code: 'audit_not_scheduled' }, 'the daily audit could not be scheduled');
  });

  try {
    await Promise.race([stopping, worker.finished]);
  } finally {
    logger.info('the worker stops');
    await worker.shutdown();
    server.close();
    await temporal.connection.close();
    await connection.close();
    await db.close();
    await tracing?.shutdown();
  }
});

/** @throws where Temporal cannot be reached now; later outages are waited for */
async function connectToTemporal({ connectionOptions }: ClientConnectConfig): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(connectionOptions);
  } catch (cause) {
    const { address } = connectionOptions;
    throw new Error(`Temporal cannot be reached at ${address}. Check TEMPORAL_ADDRESS.`, { cause });
  }
}
