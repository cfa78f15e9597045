import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import type { AskingTimes } from '../src/domain/impact-times.js';
import { SEND_TIMEOUT_MS, TASK_QUEUES } from '../src/domain/workflow-names.js';

/** A worker waits for MongoDB without a limit; a longer backoff becomes a timer, which keeps the history short. */
export const LEDGER = {
  startToCloseTimeout: '10s',
  localRetryThreshold: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '1m' },
} satisfies LocalActivityOptions;

export const SENDING = {
  taskQueue: TASK_QUEUES.impact,
  startToCloseTimeout: SEND_TIMEOUT_MS,
  // 1 s doubling to 15 min: 200 attempts are 48 h. Counted in attempts, not as a scheduleToCloseTimeout,
  // so that the time spent waiting behind a rate limit or a pause uses nothing up.
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '15m', maximumAttempts: 200 },
  // The workflow waits for an attempt on the wire: its outcome decides whether abandoning came in time.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
} satisfies ActivityOptions;

export const READING = {
  taskQueue: TASK_QUEUES.impactReads,
  // One request, which the HTTP client ends earlier: a longer task got lost.
  startToCloseTimeout: '30s',
  // It is not urgent, and the allowance is small: 75 attempts are three days.
  retry: { initialInterval: '1m', maximumInterval: '1h', maximumAttempts: 75 },
} satisfies ActivityOptions;

export const LOOKING_UP = {
  ...READING,
  // Two listings, of several pages at worst, each within the HTTP client's 20 s.
  startToCloseTimeout: '5m',
  // A worker that died holds it up no longer than any other read.
  heartbeatTimeout: '30s',
} satisfies ActivityOptions;

/** It only explains a refusal, and parking waits for it: a quarter of an hour. */
export const EXAMINING = {
  ...LOOKING_UP,
  retry: { ...LOOKING_UP.retry, maximumAttempts: 5 },
} satisfies ActivityOptions;

const HOUR_MS = 3_600_000;
export const LONGEST_CONFIRM_WAIT_MS = 12 * HOUR_MS;

/**
 * The waits before each question to Impact: each twice as long as the one before, and at most `longestMs`, unless the
 * first is longer. The last is cut, so that all of them together are `withinMs`.
 */
export function increasingWaitsMs({ afterMs, withinMs }: AskingTimes, longestMs: number): number[] {
  const waits: number[] = [];
  let leftMs = withinMs;
  let waitMs = afterMs;
  do {
    waits.push(Math.min(waitMs, leftMs));
    leftMs -= waitMs;
    waitMs = Math.min(waitMs * 2, longestMs);
    // Less than a millisecond is left where the sum was rounded.
  } while (leftMs >= 1);
  return waits;
}
