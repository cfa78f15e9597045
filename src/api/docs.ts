import type { RequestHandler } from 'express';
import absolutePath from 'swagger-ui-dist/absolute-path.js';
import { exactRouter, onlyMethods } from '../exact-paths.js';

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Affiliate conversion tracking</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
`;

/** The only files served from the package: its own page loads an example API from the internet. */
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** The documentation is the same for everyone, and changes with a deployment. */
export const PUBLIC_DOCUMENT = 'public, max-age=300';

/** `/docs`: Swagger UI for this API, which loads files from this server only. */
export function createDocs(): RequestHandler {
  const router = exactRouter();
  const serve = (path: string, handler: RequestHandler) =>
    router
      .route(path)
      .get((_request, response, next) => {
        response.set('Cache-Control', PUBLIC_DOCUMENT);
        next();
      }, handler)
      .all(onlyMethods('GET', 'HEAD'));
  serve('/', (_request, response) => {
    response.type('html').send(PAGE);
  });
  serve('/start.js', (_request, response) => {
    response.type('js').send("SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui' });\n");
  });
  for (const asset of ASSETS) {
    serve(`/${asset}`, (_request, response) => {
      response.sendFile(asset, { root: absolutePath() });
    });
  }
  return router;
}
