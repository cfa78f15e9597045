import type { RequestHandler } from 'express';
import { exactRouter, onlyMethods } from './exact-paths.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';

/** A part of the page that is read at each scrape. */
export interface MetricsSource {
  name: string;
  /** In Prometheus's text format. */
  read(): Promise<string>;
}

/** Less than Prometheus's default scrape timeout of 10 s. */
const SOURCE_DEADLINE_MS = 5_000;

/**
 * `/metrics`, for an internal port. If a source cannot be read, the page lacks its part and keeps the others; the
 * failure is counted and logged, and no old value is shown.
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
      const fields = { err: error, code: 'metrics_incomplete', source: name };
      logger.warn(fields, `metrics of the ${name} are missing`);
      return '';
    }
  }

  const router = exactRouter();
  router
    .route('/metrics')
    .get(async (_request, response) => {
      const read = await Promise.all(sources.map(readOrCount));
      // Last, so that the page counts its own errors.
      const own = await metrics.registry.metrics();
      response.type(metrics.registry.contentType).send([own, ...read].join('\n'));
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

function within<T>(deadlineMs: number, work: Promise<T>): Promise<T> {
  const tooLate = new Promise<never>((_resolve, reject) => {
    const error = new Error(`no answer within ${deadlineMs} ms`);
    setTimeout(reject, deadlineMs, error).unref();
  });
  return Promise.race([work, tooLate]);
}
