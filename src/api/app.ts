import cors from 'cors';
import type { Express, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { ConsoleConfig } from '../config.js';
import { CLICK_ID_HEADER } from '../domain/attribution.js';
import { exactApp, onlyMethods } from '../exact-paths.js';
import { createHealth } from '../health.js';
import type { Metrics } from '../metrics.js';
import { createConsole } from './console/index.js';
import { createDocs, PUBLIC_DOCUMENT } from './docs.js';
import { createErrorHandler, routeNotFound } from './handle-error.js';
import {
  limitAddresses,
  limitCallers,
  RATE_LIMIT_HEADERS,
  type RateLimits,
  type TrustProxy,
} from './limit-requests.js';
import { logRequests } from './log-requests.js';
import { createOpenApi } from './openapi.js';
import { type ApiDeps, mountRoutes, type Route } from './route.js';
import { createRoutes } from './routes/index.js';

export interface AppDeps extends Omit<ApiDeps, 'sessions'> {
  /** Origins whose pages may call the API from a browser (CORS). */
  allowedOrigins: readonly string[];
  rateLimits: RateLimits;
  trustProxy?: TrustProxy;
  /** Without it, the console is off. */
  console?: ConsoleConfig | null;
  /** Throws if the API cannot serve requests. */
  ready: () => Promise<void>;
}

export function createApp(deps: AppDeps): Express {
  const app = exactApp().set('trust proxy', deps.trustProxy ?? false);
  const routes = createRoutes(deps);
  const openApi = createOpenApi(routes);

  app.use(storeNowhere);
  app.use(createHealth(deps));
  app.use(observeRequests(deps.metrics));
  app.use(logRequests(deps.logger));
  // The API speaks plain HTTP; the proxy in front of it does TLS.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } }, hsts: false }));
  app.use(allowOrigins(deps.allowedOrigins, routes));
  app.use(limitAddresses(deps));
  app
    .route('/openapi.json')
    .get((_request, response) => {
      response.set('Cache-Control', PUBLIC_DOCUMENT).json(openApi);
    })
    .all(onlyMethods('GET', 'HEAD'));
  app.use('/docs', createDocs());
  const { router, sessions } = createConsole(deps.console, deps.logger);
  app.use('/console', router);
  mountRoutes(app, { ...deps, sessions }, routes, limitCallers(deps));
  app.use(routeNotFound);
  app.use(createErrorHandler(deps.logger));
  return app;
}

/** Answers, problems among them, are about one caller at one moment. Public documents state otherwise. */
const storeNowhere: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** A preflight goes on to its path, which answers every OPTIONS. */
function allowOrigins(origins: readonly string[], routes: readonly Route[]): RequestHandler {
  return cors({
    origin: [...origins],
    methods: [...new Set(routes.map(({ method }) => method.toUpperCase()))],
    allowedHeaders: ['Authorization', 'Content-Type', CLICK_ID_HEADER],
    exposedHeaders: RATE_LIMIT_HEADERS,
    maxAge: 86_400,
    preflightContinue: true,
  });
}

/** Times each request by the template of its route: paths contain ids, and would make endless label values. */
function observeRequests({ apiRequestSeconds }: Metrics): RequestHandler {
  return (request, response, next) => {
    const stopTimer = apiRequestSeconds.startTimer();
    response.once('close', () => {
      stopTimer({ method: request.method, route: request.route?.path ?? 'none', status: statusOf(response) });
    });
    next();
  };
}

/** Anybody can send a token that names an unknown key, so its 503 is no failure of this service to be alarmed about. */
function statusOf({ writableFinished, statusCode, locals }: Response): string {
  if (!writableFinished) return 'aborted';
  return locals.code === 'token_key_pending' ? 'token_key_pending' : String(statusCode);
}
