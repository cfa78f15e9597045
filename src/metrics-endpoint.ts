import { setTimeout as delay } from 'node:timers/promises';
import { type RequestHandler, Router } from 'express';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** A part of the page that is read when Prometheus asks. */
export interface MetricsSource {
  name: string;
  /** In Prometheus's text format. */
  read(): Promise<string>;
}

/** Less than Prometheus waits, which is 10 s unless told otherwise. */
const SOURCE_DEADLINE_MS = 5_000;

/**
 * `/metrics`, for an internal port. A source that cannot be read is missing from the page, counted and logged; it
 * never takes the rest away, and never leaves an old value behind.
 */
export function createMetricsEndpoint(deps: {
  metrics: Metrics;
  logger: Logger;
  sources?: readonly MetricsSource[];
  deadlineMs?: number;
}): RequestHandler {
  const { metrics, logger, sources = [], deadlineMs = SOURCE_DEADLINE_MS } = deps;

  async function readOrCount({ name, read }: MetricsSource): Promise<string> {
    try {
      return await within(deadlineMs, read());
    } catch (error) {
      metrics.scrapeErrors.inc({ source: name });
      logger.warn({ err: error, code: 'metrics_incomplete', source: name }, `no metrics of the ${name}`);
      return '';
    }
  }

  const router = Router();
  router.get('/metrics', async (_request, response) => {
    const read = await Promise.all(sources.map(readOrCount));
    // Last, so that it tells of the errors of this very page.
    const own = await metrics.registry.metrics();
    response.type(metrics.registry.contentType).send([own, ...read].join('\n'));
  });
  return router;
}

async function within<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const tooLate = delay(deadlineMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`it took longer than ${deadlineMs} ms`);
  });
  // What loses the race is nobody's error.
  for (const promise of [work, tooLate]) promise.catch(() => undefined);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    timer.abort();
  }
}
