import { type RequestHandler, Router } from 'express';
import type { Metrics } from '../metrics.js';

/**
 * `/healthz`: the process lives. `/readyz`: it can do its work now. `/metrics`: Prometheus.
 * The same for API and worker.
 * @param ready throws where something is missing
 */
export function createHealth({
  ready,
  metrics,
}: {
  ready: () => Promise<void>;
  metrics: Metrics;
}): RequestHandler {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ live: true });
  });
  router.get('/readyz', async (_request, response) => {
    const reason = await ready().then(
      () => undefined,
      (error: Error) => error.message,
    );
    response.status(reason === undefined ? 200 : 503).json({ ready: reason === undefined, reason });
  });
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
  return router;
}
