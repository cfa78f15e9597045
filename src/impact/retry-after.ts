const EPOCH_THRESHOLD_SECONDS = 1_000_000_000;
const LONGEST_BELIEVABLE_MS = 24 * 60 * 60 * 1000;

/**
 * The wait that a 429 requests, in milliseconds. Impact documents `Retry-After` for the Partner API. For the Brand API
 * it documents `X-RateLimit-Reset`: "seconds until reset" in the text, an epoch in the example; so a value above 1e9 is
 * read as an epoch.
 * @returns undefined, for the ordinary backoff, if there is no wait, or one in the past or longer than a day
 * https://integrations.impact.com/impact-brand/reference/rate-limits
 */
export function retryAfterMs(headers: Headers, now: number = Date.now()): number | undefined {
  for (const name of ['Retry-After', 'X-RateLimit-Reset', 'RateLimit-Reset']) {
    const waitMs = parseWait(headers.get(name) ?? '', now);
    if (waitMs > 0 && waitMs <= LONGEST_BELIEVABLE_MS) return waitMs;
  }
  return undefined;
}

/** @returns NaN if the value is neither a number nor a date */
function parseWait(value: string, now: number): number {
  const seconds = Number(value);
  if (Number.isNaN(seconds)) return Date.parse(value) - now;
  return seconds > EPOCH_THRESHOLD_SECONDS ? seconds * 1000 - now : seconds * 1000;
}
