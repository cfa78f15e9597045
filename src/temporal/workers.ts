import type { Client } from '@temporalio/client';
import {
  type NativeConnection,
  Worker,
  type WorkerDeploymentOptions,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { createAuditActivities } from '../../activities/audit.js';
import type { ActivityDeps } from '../../activities/deps.js';
import { createActivities } from '../../activities/index.js';
import type { Conversion } from '../domain/conversion.js';
import { TASK_QUEUES, WORKER_DEPLOYMENT } from '../domain/workflow-names.js';
import type { Logger } from '../logger.js';
import { traceActivities } from '../tracing/temporal.js';
import type { Tracing } from '../tracing/tracing.js';
import { loadWorkflowBundle } from './bundle.js';
import { RELAY, runRelay } from './relay.js';
import { RELEASE, type ReleaseOptions, releaseSkipped } from './release-skipped.js';
import { createSearchAttributeWatch } from './search-attributes.js';
import { NEWS, wakeOrPark } from './wake-conversion.js';
import { scanLedger, type WatchOptions, watchEnded } from './watch.js';

interface ConversionWorkerDeps extends Omit<ActivityDeps, 'wake'> {
  connection: NativeConnection;
  /** The relay and the repair start workflows with it. */
  temporal: Client;
  namespace: string;
  /** Across all workers: the task queue keeps the limit. */
  maxRequestsPerSecond: number;
  /** The same for queries: Impact allows 1,000 requests an hour to everything but conversions. */
  maxReadsPerHour: number;
  logger: Logger;
  tracing?: Tracing | undefined;
  relay?: { intervalMs: number; minimumAgeMs: number };
  /** How often to look for users of held conversions, and for how long. */
  release?: Omit<ReleaseOptions, 'signal'>;
  /** The version of its workflows, where Temporal distinguishes versions. */
  buildId?: string | null;
  /** How often to look for workflows that were ended from outside, or that Temporal has lost. */
  watch?: Omit<WatchOptions, 'signal'>;
}

/** A terminated workflow is noticed within a minute, and a lost one within a quarter of an hour. */
const WATCH = { endedIntervalMs: 30_000, scanIntervalMs: 600_000, minimumAgeMs: 300_000 };

/**
 * As many workflows as one worker has in hand at once: 40 workflow tasks, and 100 activities of each of Impact's queues. One
 * that waits for an operator or a timer would keep 0.3 MB meanwhile; instead its short history is replayed when it goes on.
 */
const MAX_CACHED_WORKFLOWS = 250;

/** Longer than one request to Impact may take. */
const SHUTDOWN_GRACE = '25s';

/** Workflows, activities, the relay and the repair: everything that runs in the worker process. */
export async function startConversionWorker(deps: ConversionWorkerDeps, bundle?: WorkflowBundleOption) {
  const { logger, relay = RELAY, release = RELEASE, watch = WATCH } = deps;
  const waking = { ...deps, deadlineMs: 5_000 };
  const wake = (conversion: Conversion) => wakeOrPark(waking, conversion, NEWS);
  const searchAttributes = createSearchAttributeWatch(waking);
  await searchAttributes.look();
  const workflowBundle = bundle ?? (await loadWorkflowBundle(logger));
  const shared = {
    connection: deps.connection,
    namespace: deps.namespace,
    activities: { ...createActivities({ ...deps, wake }), ...createAuditActivities(deps) },
    interceptors: { activity: deps.tracing ? [traceActivities(deps.tracing)] : [] },
    shutdownGraceTime: SHUTDOWN_GRACE,
    ...(deps.buildId ? { workerDeploymentOptions: versioned(deps.buildId) } : {}),
  };
  const create = (own: WorkerOptions) => Worker.create({ ...shared, ...own });
  const workers = await Promise.all([
    create({
      taskQueue: TASK_QUEUES.conversions,
      workflowBundle,
      enableNonLocalActivities: false,
      maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
    }),
    create({ taskQueue: TASK_QUEUES.impact, maxTaskQueueActivitiesPerSecond: deps.maxRequestsPerSecond }),
    create({
      taskQueue: TASK_QUEUES.impactReads,
      maxTaskQueueActivitiesPerSecond: deps.maxReadsPerHour / 3_600,
    }),
  ]);

  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = () => {
    stopping.abort();
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const running = [
    ...workers.map((worker) => worker.run()),
    runRelay(waking, { ...relay, signal }),
    releaseSkipped(waking, { ...release, signal }),
    watchEnded(waking, { ...watch, signal }),
    scanLedger(waking, { ...watch, signal }),
    searchAttributes.repeat(signal),
  ];
  const finished = Promise.all(running.map((part) => part.finally(stop))).then(() => undefined);
  // A caller of `shutdown` that ignores `finished` must not crash on it.
  finished.catch(() => undefined);

  return {
    /** Resolves after `shutdown`; rejects if a worker fails, after the others have shut down. */
    finished,
    /** @returns undefined if it can work; otherwise what an operator has to do */
    problem(): string | undefined {
      const isRunning = workers.every((worker) => worker.getState() === 'RUNNING');
      return isRunning ? searchAttributes.fault()?.message : 'not polling';
    },
    /** Takes no new work, and lets requests on the wire finish. */
    async shutdown(): Promise<void> {
      stop();
      await Promise.allSettled(running);
    },
  };
}

/**
 * A parked workflow goes on with the newest version, however long it waited: the replay tests and `patched` make sure
 * that it can. If workflows were pinned to the version of their start, old workers would have to run for as long as
 * anything is parked.
 */
function versioned(buildId: string): WorkerDeploymentOptions {
  const version = { deploymentName: WORKER_DEPLOYMENT, buildId };
  return { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' };
}
