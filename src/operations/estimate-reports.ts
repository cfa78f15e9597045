import type { QueueRate } from '../temporal/queue-rate.js';

/** `worker.batcherRPS`: how many workflows a second a batch operation signals by default. */
const BATCH_SIGNALS_PER_SECOND = 50;

/** How long so many more reports take at the least, behind those that wait already; or what they all wait for. */
export type Estimate =
  | { seconds: number; requestsPerSecond: number; backlog: number }
  | { waitsFor: 'resume' | 'worker' };

/** @param signalled how many of them a batch operation signals first */
export function estimateReports(count: number, signalled: number, queue: QueueRate): Estimate {
  if (queue.paused) return { waitsFor: 'resume' };
  if (queue.workers === 0) return { waitsFor: 'worker' };
  const { backlog, requestsPerSecond } = queue;
  const seconds = Math.max(signalled / BATCH_SIGNALS_PER_SECOND, (count + backlog) / requestsPerSecond);
  return { seconds, requestsPerSecond, backlog };
}
