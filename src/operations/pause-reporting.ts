import type { Client } from '@temporalio/client';
import { TASK_QUEUES } from '../domain/workflow-names.js';
import { askTemporal } from '../temporal/ask-temporal.js';
import { ACTIVITY_QUEUE, type QueueRate, readQueueRate } from '../temporal/queue-rate.js';
import { hasGrpcCode } from '../temporal/service-error.js';

/** Everything that goes to Impact: reporting first. */
export const QUEUES_TO_IMPACT = [TASK_QUEUES.impact, TASK_QUEUES.impactReads] as const;

export interface QueueChange {
  before: QueueRate;
  after: QueueRate;
}

/**
 * Nothing more goes to Impact until `resumeReporting`: Temporal hands out no activity of a queue whose limit is
 * nothing, whatever the workers ask for. What waits uses up no attempt and no time, as nothing here has a
 * schedule-to-start timeout. What is on the wire finishes. The limit outlives workers and servers.
 * @throws DomainError `temporal_unavailable`, Error; what was set before it stays set
 */
export function pauseReporting(
  temporal: Client,
  { by, reason }: { by: string; reason: string },
): Promise<QueueChange[]> {
  return changeQueues(temporal, { paused: true, by, reason });
}

/**
 * Takes the pause away, so that the workers' own limit holds again. A limit that is no pause is left alone.
 * @throws DomainError `temporal_unavailable`
 */
export function resumeReporting(temporal: Client, { by }: { by: string }): Promise<QueueChange[]> {
  return changeQueues(temporal, { paused: false, by, reason: 'resumed' });
}

interface Change {
  paused: boolean;
  by: string;
  reason: string;
}

async function changeQueues(temporal: Client, change: Change): Promise<QueueChange[]> {
  const changes: QueueChange[] = [];
  for (const taskQueue of QUEUES_TO_IMPACT) {
    const before = await readQueueRate(temporal, taskQueue);
    const isDone = before.paused === change.paused;
    if (!isDone) await changeQueue(temporal, taskQueue, change);
    changes.push({ before, after: isDone ? before : await readQueueRate(temporal, taskQueue) });
  }
  return changes;
}

async function changeQueue(temporal: Client, taskQueue: string, { paused, by, reason }: Change) {
  try {
    await askTemporal(temporal, () =>
      temporal.workflowService.updateTaskQueueConfig({
        namespace: temporal.options.namespace,
        identity: by,
        taskQueue,
        taskQueueType: ACTIVITY_QUEUE,
        // None: no limit but the workers' own.
        updateQueueRateLimit: { reason, rateLimit: paused ? { requestsPerSecond: 0 } : null },
      }),
    );
  } catch (error) {
    if (!hasGrpcCode(error, 'unimplemented')) throw error;
    const message = 'This Temporal server cannot limit a task queue: upgrade it, or stop the workers.';
    throw new Error(message, { cause: error });
  }
}
