import type { Resource } from './resources.js';
import type { SandboxState } from './state.js';

const HOUR_MS = 3_600_000;

export interface RateLimit {
  exceeded: boolean;
  headers: Record<string, string>;
}

export type RateLimits = ReturnType<typeof createRateLimits>;

/**
 * "Maximum number of requests allowed for the resource within the given time period", which is an hour; the headers come
 * with the 200 and with the 429: https://integrations.impact.com/impact-brand/reference/rate-limits. Inferred: that each
 * resource has an hour of its own, which begins with its first request, and that what is not limited has no headers.
 */
export function createRateLimits({ settings, clock }: SandboxState) {
  const windows = new Map<Resource, { endsAt: number; used: number }>();

  function windowOf(resource: Resource) {
    const open = windows.get(resource);
    if (open && clock.now() < open.endsAt) return open;
    const opened = { endsAt: clock.now() + HOUR_MS, used: 0 };
    windows.set(resource, opened);
    return opened;
  }

  return {
    take(resource: Resource): RateLimit {
      const limit = settings.rateLimits[resource];
      if (limit === null) return { exceeded: false, headers: {} };
      const window = windowOf(resource);
      const exceeded = window.used >= limit;
      if (!exceeded) window.used += 1;
      return {
        exceeded,
        headers: {
          'X-RateLimit-Limit': String(limit),
          'X-RateLimit-Remaining': String(Math.max(0, limit - window.used)),
          'X-RateLimit-Reset': String(resetOf(window.endsAt)),
        },
      };
    },
  };

  /** "Number of seconds until the limit is reset", says the text; the example shows the epoch: 1487332519. */
  function resetOf(endsAt: number): number {
    const fromMs = settings.rateLimitReset === 'epoch' ? 0 : clock.now();
    return Math.ceil((endsAt - fromMs) / 1000);
  }
}
