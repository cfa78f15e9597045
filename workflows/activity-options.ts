import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import { TASK_QUEUES } from '../src/domain/workflow-names.js';

/** MongoDB away is waited for, without a limit; a longer backoff becomes a timer, which keeps the history short. */
export const LEDGER = {
  startToCloseTimeout: '10s',
  localRetryThreshold: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '1m' },
} satisfies LocalActivityOptions;

export const SENDING = {
  taskQueue: TASK_QUEUES.impact,
  // The HTTP client gives up before (20 s at most), so this only ever catches a worker that died.
  startToCloseTimeout: '30s',
  // 1 s doubling to 15 min: 200 attempts are 48 h. Counted in attempts, not as a scheduleToCloseTimeout,
  // so that the time spent waiting behind a rate limit or a pause uses nothing up.
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '15m', maximumAttempts: 200 },
  // What is on the wire is waited for: its outcome decides whether abandoning came in time.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
} satisfies ActivityOptions;

export const READING = {
  taskQueue: TASK_QUEUES.impactReads,
  // One request, which the HTTP client gives up before: what is longer is a task that got lost.
  startToCloseTimeout: '30s',
  // Nobody waits for it, and the allowance is small: 75 attempts are three days.
  retry: { initialInterval: '1m', maximumInterval: '1h', maximumAttempts: 75 },
} satisfies ActivityOptions;

export const LOOKING_UP = {
  ...READING,
  // Two listings, of several pages at the worst, each within the HTTP client's 20 s.
  startToCloseTimeout: '5m',
} satisfies ActivityOptions;
