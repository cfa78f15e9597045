import { type RequestHandler, Router } from 'express';
import { absolutePath } from 'swagger-ui-dist';

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

/** `/docs`: Swagger UI for this API, which loads files from this server only. */
export function createDocs(): RequestHandler {
  const router = Router();
  router.get('/', (_request, response) => {
    response.type('html').send(PAGE);
  });
  router.get('/start.js', (_request, response) => {
    response.type('js').send("SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui' });\n");
  });
  for (const asset of ASSETS) {
    router.get(`/${asset}`, (_request, response) => {
      response.sendFile(asset, { root: absolutePath() });
    });
  }
  return router;
}
