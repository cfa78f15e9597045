import cors from 'cors';
import express, { type Express, json, type RequestHandler } from 'express';
import helmet from 'helmet';
import { pinoHttp } from 'pino-http';
import { CLICK_ID_HEADER } from '../domain/attribution.js';
import { createHealth } from '../health.js';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';
import { createWorkContext, inContext, type WorkContext, workFields } from '../tracing/work-context.js';
import { createDocs } from './docs.js';
import { createErrorHandler, routeNotFound } from './handle-error.js';
import { createOpenApi } from './openapi.js';
import { type ApiDeps, mountRoute } from './route.js';
import { createRoutes } from './routes/index.js';

export interface AppDeps extends ApiDeps {
  logger: Logger;
  /** Origins whose pages may call the API from a browser (CORS). */
  allowedOrigins: readonly string[];
  /** Throws if the API cannot serve requests. */
  ready: () => Promise<void>;
}

export function createApp(deps: AppDeps): Express {
  const app = express().disable('x-powered-by');
  const routes = createRoutes(deps);
  const openApi = createOpenApi(routes);

  app.use(createHealth(deps));
  app.use(observeRequests(deps.metrics));
  app.use(logRequests(deps.logger));
  // The API speaks plain HTTP; the proxy in front of it does TLS.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } }, hsts: false }));
  app.use(
    cors({
      origin: [...deps.allowedOrigins],
      methods: ['GET', 'PUT', 'POST'],
      allowedHeaders: ['Authorization', 'Content-Type', CLICK_ID_HEADER],
      maxAge: 86_400,
    }),
  );
  app.use(json({ limit: '16kb' }));
  app.get('/openapi.json', (_request, response) => {
    response.json(openApi);
  });
  app.use('/docs', createDocs());
  for (const route of routes) mountRoute(app, deps, route);
  app.use(routeNotFound);
  app.use(createErrorHandler(deps.logger));
  return app;
}

/** Times each request by the template of its route: paths contain ids, and would make endless label values. */
function observeRequests({ apiRequestSeconds }: Metrics): RequestHandler {
  return (request, response, next) => {
    const stopTimer = apiRequestSeconds.startTimer();
    response.once('close', () => {
      const status = response.writableFinished ? String(response.statusCode) : 'aborted';
      stopTimer({ method: request.method, route: request.route?.path ?? 'none', status });
    });
    next();
  };
}

/** One line per request, with the ids of the conversions that it concerned. */
function logRequests(logger: Logger): RequestHandler {
  // pino-http writes the line when the socket closes, outside of the request's context.
  const contexts = new WeakMap<object, WorkContext>();
  const withWork = (request: object, line: object) => ({ ...workFields(contexts.get(request)), ...line });
  const log = pinoHttp({
    logger,
    // No headers, because they hold tokens.
    serializers: { req: ({ method, url }) => ({ method, url }), res: ({ statusCode }) => ({ statusCode }) },
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'warn' : 'info'),
    customSuccessObject: (request, _response, line) => withWork(request, line),
    customErrorObject: (request, _response, _error, line) => withWork(request, line),
  });
  return (request, response, next) => {
    const context = createWorkContext();
    contexts.set(request, context);
    inContext(context, () => log(request, response, next));
  };
}
