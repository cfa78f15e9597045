import type { Client } from '@temporalio/client';
import { TASK_QUEUES } from '../domain/workflow-names.js';
import { askTemporal } from './ask-temporal.js';

/** Of the activities on one task queue, or of the workflows on `conversions`, which has no limit. */
export interface QueueRate {
  taskQueue: string;
  /** What Temporal hands out at most. */
  requestsPerSecond: number;
  /** `operator`: set on the queue, and it outranks what the workers ask for. `none`: no worker has said a limit. */
  setBy: 'operator' | 'workers' | 'none';
  /** An operator set the limit to zero: everything waits, and no retry is used up. */
  paused: boolean;
  /** Who set the limit, when and why, where an operator has. */
  change?: { by: string; at: Date; reason: string };
  /** About how many wait in the queue. */
  backlog: number;
  workers: number;
}

/** Temporal's task queue types. */
const WORKFLOW_QUEUE = 1;
export const ACTIVITY_QUEUE = 2;

const SOURCES: Readonly<Record<number, QueueRate['setBy']>> = { 1: 'operator', 2: 'workers', 3: 'none' };

/** @throws DomainError `temporal_unavailable` */
export async function readQueueRate(temporal: Client, taskQueue: string): Promise<QueueRate> {
  const description = await askTemporal(temporal, () =>
    temporal.workflowService.describeTaskQueue({
      namespace: temporal.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: taskQueue === TASK_QUEUES.conversions ? WORKFLOW_QUEUE : ACTIVITY_QUEUE,
      reportConfig: true,
      reportStats: true,
    }),
  );
  const { effectiveRateLimit, config, stats, pollers } = description;
  const requestsPerSecond = Number(effectiveRateLimit?.requestsPerSecond ?? 0);
  const setBy = SOURCES[Number(effectiveRateLimit?.rateLimitSource ?? 0)] ?? 'none';
  const metadata = setBy === 'operator' ? config?.queueRateLimit?.metadata : undefined;
  return {
    taskQueue,
    requestsPerSecond,
    setBy,
    paused: setBy === 'operator' && requestsPerSecond === 0,
    ...(metadata && {
      change: {
        by: metadata.updateIdentity ?? '',
        at: new Date(Number(metadata.updateTime?.seconds ?? 0) * 1_000),
        reason: metadata.reason ?? '',
      },
    }),
    backlog: Number(stats?.approximateBacklogCount ?? 0),
    workers: (pollers ?? []).filter(isAlive).length,
  };
}

/** A worker polls at least once a minute, and Temporal lists a killed worker for minutes. */
const SILENT_AFTER_SECONDS = 90;

function isAlive({ lastAccessTime }: { lastAccessTime?: { seconds?: unknown } | null }): boolean {
  return Date.now() / 1_000 - Number(lastAccessTime?.seconds ?? 0) < SILENT_AFTER_SECONDS;
}
