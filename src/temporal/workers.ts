import type { Client } from '@temporalio/client';
import {
  type NativeConnection,
  Worker,
  type WorkerDeploymentOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { createAdjustmentActivities } from '../../activities/adjustments.js';
import { createAuditActivities } from '../../activities/audit.js';
import { createActivities } from '../../activities/index.js';
import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import { TASK_QUEUES, WORKER_DEPLOYMENT } from '../domain/workflow-names.js';
import type { ImpactClient } from '../impact/client.js';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';
import type { Database } from '../mongo.js';
import { traceActivities } from '../tracing/temporal.js';
import type { Tracing } from '../tracing/tracing.js';
import { loadWorkflowBundle } from './bundle.js';
import { runRelay } from './relay.js';
import { reopenEndedWorkflows } from './reopen-ended.js';
import { reopenLostWorkflows } from './reopen-lost.js';

export interface ConversionWorkerDeps {
  db: Database;
  connection: NativeConnection;
  /** For the relay, which starts workflows. */
  temporal: Client;
  namespace: string;
  campaignEvents: CampaignEvents;
  impact: ImpactClient | null;
  /** How long after Impact's receipt to ask what became of it; `null`: never. */
  confirmAfterMs: number | null;
  /** Across all workers: the task queue keeps the limit. */
  maxRequestsPerSecond: number;
  /** The same for reading: Impact allows 1,000 requests an hour to everything but conversions. */
  maxReadsPerHour: number;
  logger: Logger;
  metrics: Metrics;
  tracing?: Tracing | undefined;
  relay?: { intervalMs: number; minimumAgeMs: number };
  /** Which version of the workflows it has, where Temporal is to tell versions apart. */
  buildId?: string | null;
  /** How often to look for workflows that ended from outside or got lost, and how old the step of a lost one is. */
  reopen?: { intervalMs: number; minimumAgeMs: number };
}

export interface ConversionWorker {
  /** Resolves after `shutdown`; rejects where a worker failed, with the others shut down. */
  finished: Promise<void>;
  isRunning(): boolean;
  /** Takes nothing new, and lets what is on the wire finish. */
  shutdown(): Promise<void>;
}

/** Longer than one request to Impact may take. */
const SHUTDOWN_GRACE = '25s';

/** Workflows, activities and the relay: everything that runs in the worker process. */
export async function startConversionWorker(
  deps: ConversionWorkerDeps,
  bundle?: WorkflowBundleOption,
): Promise<ConversionWorker> {
  const { db, temporal, logger } = deps;
  const { relay = { intervalMs: 2_000, minimumAgeMs: 5_000 } } = deps;
  const { reopen = { intervalMs: 15_000, minimumAgeMs: 300_000 } } = deps;
  const activities = {
    ...createActivities(deps),
    ...createAdjustmentActivities(deps),
    ...createAuditActivities(deps),
  };
  const workflowBundle = bundle ?? (await loadWorkflowBundle(logger));
  const shared = {
    connection: deps.connection,
    namespace: deps.namespace,
    activities,
    interceptors: { activity: deps.tracing ? [traceActivities(deps.tracing)] : [] },
    shutdownGraceTime: SHUTDOWN_GRACE,
    ...(deps.buildId ? { workerDeploymentOptions: versioned(deps.buildId) } : {}),
  };
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      workflowBundle,
      taskQueue: TASK_QUEUES.conversions,
      enableNonLocalActivities: false,
    }),
    Worker.create({
      ...shared,
      taskQueue: TASK_QUEUES.impact,
      maxTaskQueueActivitiesPerSecond: deps.maxRequestsPerSecond,
    }),
    Worker.create({
      ...shared,
      taskQueue: TASK_QUEUES.impactReads,
      maxTaskQueueActivitiesPerSecond: deps.maxReadsPerHour / 3_600,
    }),
  ]);

  const starting = { db, temporal, logger, deadlineMs: 5_000 };
  const reopening = { ...starting, confirms: deps.confirmAfterMs !== null };
  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = () => {
    stopping.abort();
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const running = [
    ...workers.map((worker) => worker.run()),
    runRelay(starting, { ...relay, signal }),
    reopenEndedWorkflows(reopening, { ...reopen, signal }),
    reopenLostWorkflows(reopening, { ...reopen, signal }),
  ];
  const finished = Promise.all(running.map((part) => part.finally(stop))).then(() => undefined);
  // Whoever calls `shutdown` without looking at `finished` must not crash on it.
  finished.catch(() => undefined);

  return {
    finished,
    isRunning: () => workers.every((worker) => worker.getState() === 'RUNNING'),
    async shutdown() {
      stop();
      await Promise.allSettled(running);
    },
  };
}

/**
 * What is parked goes on with the newest version, however long it waited: the replay tests and `patched` see to it that
 * it can. Pinned to the version of their start, old workers would have to be kept for as long as anything is parked.
 */
function versioned(buildId: string): WorkerDeploymentOptions {
  const version = { deploymentName: WORKER_DEPLOYMENT, buildId };
  return { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' };
}
