const HOUR_MS = 3_600_000;

/** An Action takes up to half an hour to appear. https://integrations.impact.com/integration-guides/end-to-end-tests */
export const PROCESSING_MS = HOUR_MS / 2;

/** When to ask Impact for something: first after `afterMs`, then at increasing intervals, until `withinMs` have passed. */
export interface AskingTimes {
  afterMs: number;
  withinMs: number;
}

/** Of an order that may have arrived: until an Action must be there, and as long as other failures are retried. */
export const LOOK_UP: AskingTimes = { afterMs: PROCESSING_MS, withinMs: 48 * HOUR_MS };

/** Between two look-ups. */
export const LONGEST_LOOK_UP_WAIT_MS = 8 * HOUR_MS;

/** How long to ask what became of a submission. */
export const CONFIRM_WITHIN_MS = 72 * HOUR_MS;
