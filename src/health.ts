import type { RequestHandler } from 'express';
import { exactRouter, onlyMethods } from './exact-paths.js';

/**
 * `/healthz`: the process is alive. `/readyz`: it can work now. API and worker share these routes.
 * @param ready throws if something that the process needs is missing
 */
export function createHealth({ ready }: { ready: () => Promise<void> }): RequestHandler {
  const router = exactRouter();
  router
    .route('/healthz')
    .get((_request, response) => {
      response.json({ live: true });
    })
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/readyz')
    .get(async (_request, response) => {
      const reason = await ready().then(
        () => undefined,
        (error: Error) => error.message,
      );
      response.status(reason === undefined ? 200 : 503).json({ ready: reason === undefined, reason });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
