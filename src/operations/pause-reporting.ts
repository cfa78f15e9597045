import type { Client } from '@temporalio/client';
import { TASK_QUEUES } from '../domain/workflow-names.js';
import { askTemporal, isAnswer } from '../temporal/ask-temporal.js';
import { ACTIVITY_QUEUE, type QueueRate, readQueueRate } from '../temporal/queue-rate.js';

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
  return changeQueues(temporal, (queue) =>
    queue.paused ? undefined : { by, reason, rateLimit: { requestsPerSecond: 0 } },
  );
}

/**
 * Takes the pause away, so that the workers' own limit holds again. A limit that is no pause is left alone.
 * @throws DomainError `temporal_unavailable`
 */
export function resumeReporting(temporal: Client, { by }: { by: string }): Promise<QueueChange[]> {
  return changeQueues(temporal, (queue) => (queue.paused ? { by, reason: 'resumed' } : undefined));
}

interface Limit {
  by: string;
  reason: string;
  /** None: no limit but the workers' own. */
  rateLimit?: { requestsPerSecond: number };
}

async function changeQueues(temporal: Client, wanted: (queue: QueueRate) => Limit | undefined) {
  const changes: QueueChange[] = [];
  for (const taskQueue of QUEUES_TO_IMPACT) {
    const before = await readQueueRate(temporal, taskQueue);
    const limit = wanted(before);
    if (limit) await setLimit(temporal, taskQueue, limit);
    changes.push({ before, after: limit ? await readQueueRate(temporal, taskQueue) : before });
  }
  return changes;
}

async function setLimit(temporal: Client, taskQueue: string, { by, reason, rateLimit }: Limit) {
  try {
    await askTemporal(temporal, () =>
      temporal.workflowService.updateTaskQueueConfig({
        namespace: temporal.options.namespace,
        identity: by,
        taskQueue,
        taskQueueType: ACTIVITY_QUEUE,
        updateQueueRateLimit: { reason, ...(rateLimit ? { rateLimit } : {}) },
      }),
    );
  } catch (error) {
    if (!isAnswer(error, 'unimplemented')) throw error;
    throw new Error('This Temporal server cannot limit a task queue: upgrade it, or stop the workers.', {
      cause: error,
    });
  }
}
