import type { System } from '../trial/system.js';
import { type Clock, HOUR } from './clock.js';
import { metricsOfAlerts, type Sample, type Scraped, toSample } from './samples.js';

/** Reads the metrics of the API and of the worker, as Prometheus would. */
export function createScraper({ direct }: System, clock: Clock): () => Promise<Sample> {
  const wanted = metricsOfAlerts();
  return async () => {
    const scraped = await Promise.all([
      scrape('affiliate-api', direct.apiMetricsUrl),
      scrape('affiliate-worker', direct.workerMetricsUrl),
    ]);
    return toSample(scraped, wanted, clock);
  };
}

async function scrape(job: Scraped['job'], url: string): Promise<Scraped> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return { job, page: await response.text(), at: Date.now() };
  } catch {
    return { job, page: undefined, at: Date.now() };
  }
}

/**
 * In life, a workflow starts within seconds, and a retry waits for a quarter of an hour at most. Where one seems to take
 * longer, that is only because the clock has jumped meanwhile.
 */
const LONGEST = { pending: 60, reporting: HOUR };

/** Whether nothing takes longer in this week than in life. While Impact is away, reporting may. */
export function isResting(sample: Sample, isAway: boolean): boolean {
  for (const [series, seconds] of sample) {
    const status = /^affiliate_oldest_waiting_seconds\{.*status="(pending|reporting)"/.exec(series)?.[1];
    if (status === 'pending' && seconds > LONGEST.pending) return false;
    if (status === 'reporting' && !isAway && seconds > LONGEST.reporting) return false;
  }
  return true;
}
