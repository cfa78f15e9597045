import { type RequestHandler, Router, static as serveStatic } from 'express';
import { absolutePath } from 'swagger-ui-dist';

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Affiliate conversion tracking</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const START = "SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui' });\n";

/** `/docs`: the API in Swagger UI, from files of this server alone. */
export function createDocs(): RequestHandler {
  const router = Router();
  router.get('/', (_request, response) => {
    response.type('html').send(PAGE);
  });
  router.get('/start.js', (_request, response) => {
    response.type('js').send(START);
  });
  router.use(serveStatic(absolutePath(), { index: false }));
  return router;
}
