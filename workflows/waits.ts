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

/** The waits before each question for a submission: doubling, at most 12 hours, three days altogether. */
export function confirmWaitsMs(firstMs: number): number[] {
  const waits: number[] = [];
  let total = 0;
  for (let wait = firstMs; total < CONFIRM_WITHIN_MS; wait = Math.min(wait * 2, LONGEST_CONFIRM_WAIT_MS)) {
    waits.push(wait);
    total += wait;
  }
  return waits;
}
