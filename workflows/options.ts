import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
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
} satisfies ActivityOptions;

/** It only explains a refusal, and parking waits for it: a quarter of an hour. */
export const EXAMINING = {
  ...LOOKING_UP,
  retry: { ...LOOKING_UP.retry, maximumAttempts: 5 },
} satisfies ActivityOptions;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * How long to wait before asking Impact for an order that may have arrived. An action takes up to half an hour to
 * appear; altogether it is two days, as long as other failures are retried.
 * https://integrations.impact.com/integration-guides/end-to-end-tests
 */
export const LOOK_UP_WAITS_MS = [0.5, 1, 2, 4, 8, 8, 8, 8, 8].map((hours) => hours * HOUR_MS);

const LONGEST_CONFIRM_WAIT_MS = 12 * HOUR_MS;
const CONFIRM_WITHIN_MS = 72 * HOUR_MS;

/** The waits before each question about a submission: doubling, at most 12 hours, three days altogether. */
export function confirmWaitsMs(firstMs: number): number[] {
  const waits: number[] = [];
  let total = 0;
  for (let wait = firstMs; total < CONFIRM_WITHIN_MS; wait = Math.min(wait * 2, LONGEST_CONFIRM_WAIT_MS)) {
    waits.push(wait);
    total += wait;
  }
  return waits;
}
