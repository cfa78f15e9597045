/** How far the clocks of two machines may differ. */
export const CLOCK_SKEW_MS = 5 * 60_000;
