import type { Client } from '@temporalio/client';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { cut, printable } from '../domain/foreign-text.js';
import type { Programme } from '../domain/programme/programme.js';
import { onlyMethods } from '../exact-paths.js';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';
import type { Database } from '../mongo.js';
import type { StripeSource } from '../sources/stripe/index.js';
import type { WorkflowStarter } from '../temporal/wake-soon.js';
import { httpOutcome, type Tracing } from '../tracing/tracing.js';
import { concernsConversion, inSpanContext } from '../tracing/work-context.js';
import type { User } from '../users/user.model.js';
import type { UserIdOf } from '../users/user-id.js';
import type { Authenticate, Principal } from './authenticate.js';
import { type Access, authorize } from './authorize.js';
import type { Sessions } from './console/sessions.js';
import { type ClickInBody, createEnsureUser, type EnsureUser } from './ensure-user.js';
import type { ProblemCode } from './problem.js';
import { parse, readBody } from './read-input.js';
import { type AnsweredFile, sendFile } from './send-file.js';

export interface ApiDeps {
  db: Database;
  /** Only for operators' routes: users never wait for Temporal. */
  temporal: Client;
  programme: Programme;
  starter: WorkflowStarter;
  authenticate: Authenticate;
  /** Of the console, if it is on. */
  sessions?: Sessions | undefined;
  metrics: Metrics;
  logger: Logger;
  userIdOf: UserIdOf;
  signupGraceMs: number;
  /** Without it, Stripe is no source. */
  stripe?: StripeSource | undefined;
  tracing?: Tracing | undefined;
}

/** A JSON value a line. https://github.com/ndjson/ndjson-spec */
export const NDJSON = 'application/x-ndjson';

/** One operation: its handler, and its documentation in /openapi.json. */
export interface Route<A extends Access = Access, Body = unknown, Query = unknown> {
  method: 'get' | 'put' | 'post' | 'delete';
  /** A GET that writes, so that the path has no HEAD. */
  writes?: boolean;
  /** In OpenAPI's notation: `/v1/conversions/{conversionId}`. */
  path: string;
  operationId: string;
  summary: string;
  description: string;
  access: A;
  /** Serves also impersonated sessions, for which `handle` neither creates nor attributes anything. */
  readsForImpersonators?: boolean;
  /** Schema of the JSON body; `handle` gets the parsed one. */
  body?: z.ZodType<Body>;
  /** Of the access `signature`, in place of a token: reads the body, and checks who has signed it. `handle` gets its result. */
  verify?(request: Request, response: Response): Promise<unknown>;
  /** A missing body is read as `{}`. */
  bodyIsOptional?: boolean;
  /** Media type of a body of any length, which `handle` reads from the request: `body` is the schema of one of its lines. */
  bodyType?: string;
  /** The click that the body brings, with which a new user is created. */
  clickInBody?(body: Body): ClickInBody;
  /** Schema of the query string. A route without one ignores the query. */
  query?: z.ZodType<Query>;
  /** For the documentation; each works as it stands against `npm start` (examples.ts). `pathId` is the id in the path; those of the body are by their name. */
  examples?: {
    pathId?: string | undefined;
    query?: Record<string, string | undefined>;
    body?: Record<string, object | string>;
  };
  /** The answer is a file, of which `handle` makes the parts. */
  file?: AnsweredFile;
  success: { status: number; description: string; schema?: z.ZodType };
  /** The answer, with the same schema, where `handle` has only looked: its result has `done: false`. */
  preview?: { status: number; description: string };
  /** Its errors, besides those that every route may answer. */
  problems?: readonly ProblemCode[];
  handle(context: RouteContext<A, Body, Query>): Promise<unknown>;
}

/** Infers the types of what `handle` gets from the access and the schemas. */
export function defineRoute<A extends Access, Body, Query>(route: Route<A, Body, Query>): Route {
  return route;
}

interface RouteContext<A extends Access, Body, Query> {
  request: Request;
  principal: Extract<Principal, { kind: KindOf<A> }>;
  /** Of a route for users. */
  user: A extends 'user' ? User : undefined;
  body: Body;
  query: Query;
}

type KindOf<A extends Access> = A extends 'user'
  ? 'session'
  : A extends 'signature'
    ? 'sender'
    : 'machine' | ReaderKind<A>;

type ReaderKind<A extends Access> = A extends 'conversions:read' ? 'manager' : never;

/** Mounts the routes by path, so that every other method of a path is answered 405. */
export function mountRoutes(
  app: Express,
  deps: ApiDeps,
  routes: readonly Route[],
  limitCaller: RequestHandler,
): void {
  // A literal path such as `…/dry-run` comes before a template that it matches too.
  const paths = [...new Set(routes.map(({ path }) => path))].sort(
    (a, b) => Number(a.includes('{')) - Number(b.includes('{')),
  );
  const ensureUser = createEnsureUser(deps);
  for (const path of paths) {
    const mounted = app.route(path.replace(/\{(\w+)\}/g, ':$1'));
    const ofPath = routes.filter((route) => route.path === path);
    const others = onlyMethods(...ofPath.flatMap(methodsOf));
    for (const route of ofPath) {
      if (route.method === 'get' && route.writes) mounted.head(others);
      if (deps.tracing) mounted[route.method](traceRequests(deps.tracing, route));
      const identified = route.verify ? verify(route.verify) : identify(deps);
      mounted[route.method](identified, limitCaller, serve(route, ensureUser));
    }
    mounted.all(others);
  }
}

/** HEAD is a read: Express answers it with the handler of GET, which must not write. */
function methodsOf({ method, writes }: Route): string[] {
  return method === 'get' && !writes ? ['GET', 'HEAD'] : [method.toUpperCase()];
}

/**
 * Before anything else is read: a request without a valid token costs no more than its headers. A token counts more than
 * the cookie, which a browser adds by itself.
 */
function identify({ authenticate, sessions }: ApiDeps): RequestHandler {
  return async (request, response, next) => {
    const { authorization, cookie } = request.headers;
    const manager = authorization === undefined ? await sessions?.find(cookie) : undefined;
    response.locals.principal = manager ? { kind: 'manager', ...manager } : await authenticate(authorization);
    response.set('Cache-Control', 'private, no-store');
    next();
  };
}

function verify(check: NonNullable<Route['verify']>): RequestHandler {
  return async (request, response, next) => {
    response.locals.body = await check(request, response);
    response.locals.principal = { kind: 'sender' };
    next();
  };
}

/** Checks in this order: authorization, query, body. Only a valid request creates its user. */
function serve(route: Route, ensureUser: EnsureUser): RequestHandler {
  return async (request, response) => {
    const principal: Principal = response.locals.principal;
    authorize(principal, route);
    const { conversionId } = request.params;
    // No conversion has a longer id.
    if (typeof conversionId === 'string') concernsConversion(printable(cut(conversionId, 200)));
    const query = route.query ? parse(route.query, request.query, 'query') : undefined;
    response.locals.query = query;
    const body = route.verify ? response.locals.body : await readBody(request, response, route);
    // `authorize` lets sessions through to the routes for users only.
    const user =
      principal.kind === 'session'
        ? await ensureUser(request, principal, route.clickInBody?.(body))
        : undefined;
    const context = { request, principal, user, body, query } as RouteContext<Access, unknown, unknown>;
    const result = await route.handle(context);
    const { status } = (Object(result).done === false && route.preview) || route.success;
    response.status(status);
    if (route.file) await sendFile(request, response, route.file, result as AsyncGenerator<string>);
    else if (result === undefined) response.end();
    else response.json(result);
  };
}

/** Creates a span for each request of the route, in the caller's trace if the request names one. */
function traceRequests(tracing: Tracing, { method, path }: Route): RequestHandler {
  return (request, response, next) => {
    const span = tracing.startSpan({
      name: `${method.toUpperCase()} ${path}`,
      kind: 'SERVER',
      parent: request.get('traceparent'),
      attributes: { 'http.request.method': method.toUpperCase(), 'http.route': path },
    });
    response.once('close', () => span.end(httpOutcome(response.statusCode, 500)));
    inSpanContext(span.traceparent, next);
  };
}
