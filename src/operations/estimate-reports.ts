import type { QueueRate } from '../temporal/queue-rate.js';

/** `worker.batcherRPS`: how many workflows a second a batch operation signals, unless the server is told otherwise. */
export const BATCH_SIGNALS_PER_SECOND = 50;

/** How long so many more reports take at the least, behind those that wait already; or what they all wait for. */
export type Estimate = { seconds: number } | { waitsFor: 'resume' | 'worker' };

export function estimateReports(count: number, queue: QueueRate): Estimate {
  if (queue.paused) return { waitsFor: 'resume' };
  if (queue.workers === 0) return { waitsFor: 'worker' };
  const signalled = count / BATCH_SIGNALS_PER_SECOND;
  return { seconds: Math.max(signalled, (count + queue.backlog) / queue.requestsPerSecond) };
}
