import { type RequestHandler, Router } from 'express';

/**
 * `/healthz`: the process is alive. `/readyz`: it can work now. API and worker share these routes.
 * @param ready throws if something that the process needs is missing
 */
export function createHealth({ ready }: { ready: () => Promise<void> }): RequestHandler {
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
  return router;
}
