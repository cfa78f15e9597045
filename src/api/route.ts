import type { Client } from '@temporalio/client';
import type { Express, Request, RequestHandler } from 'express';
import type { z } from 'zod';
import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import type { FieldError } from '../domain/errors.js';
import type { Metrics } from '../metrics.js';
import type { Database } from '../mongo.js';
import type { WorkflowStarter } from '../temporal/wake-soon.js';
import { httpOutcome, type Tracing } from '../tracing/tracing.js';
import { concernsConversion, inSpanContext } from '../tracing/work-context.js';
import type { Authenticate, Principal } from './authenticate.js';
import { type Access, authorize } from './authorize.js';
import { Problem, type ProblemCode } from './problem.js';

export interface ApiDeps {
  db: Database;
  /** Only for operators' routes: users never wait for Temporal. */
  temporal: Client;
  campaignEvents: CampaignEvents;
  starter: WorkflowStarter;
  authenticate: Authenticate;
  metrics: Metrics;
  signupGraceMs: number;
  tracing?: Tracing | undefined;
}

/** One operation: its handler, and its documentation in /openapi.json. */
export interface Route<A extends Access = Access, Body = unknown, Query = unknown> {
  method: 'get' | 'put' | 'post';
  /** In OpenAPI's notation: `/v1/conversions/{conversionId}`. */
  path: string;
  operationId: string;
  summary: string;
  description: string;
  access: A;
  /** Schema of the JSON body; `handle` gets the parsed one. */
  body?: z.ZodType<Body>;
  /** A missing body is read as `{}`. */
  bodyIsOptional?: boolean;
  /** Schema of the query string. A route without one ignores the query. */
  query?: z.ZodType<Query>;
  /** A header that `handle` reads. */
  header?: { name: string; description: string; example: string };
  /** For the documentation; each works as it stands against `npm start` (examples.ts). Those of the body by their name. */
  examples?: { conversionId?: string; body?: Record<string, object> };
  success: { status: number; description: string; schema?: z.ZodType };
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
  principal: Extract<Principal, { kind: A extends 'user' ? 'session' : 'machine' }>;
  body: Body;
  query: Query;
}

/** Checks in this order: authentication, authorization, query, body. */
export function mountRoute(app: Express, deps: ApiDeps, route: Route): void {
  const path = route.path.replace(/\{(\w+)\}/g, ':$1');
  if (deps.tracing) app[route.method](path, traceRequests(deps.tracing, route));
  app[route.method](path, async (request, response) => {
    const { conversionId } = request.params;
    if (typeof conversionId === 'string') concernsConversion(conversionId);
    const principal = await deps.authenticate(request.headers.authorization);
    authorize(principal, route.access);
    const query = route.query ? parse(route.query, request.query, 'query') : undefined;
    const body = route.body ? parseBody(request, route, route.body) : undefined;
    const context = { request, principal, body, query } as RouteContext<Access, unknown, unknown>;
    const result = await route.handle(context);
    response.status(route.success.status);
    if (result === undefined) response.end();
    else response.json(result);
  });
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

function parseBody(request: Request, route: Route, schema: z.ZodType): unknown {
  if (route.bodyIsOptional && isWithoutBody(request)) return parse(schema, {}, 'body');
  if (!request.is('application/json')) {
    throw new Problem('unsupported_media_type', 'Send the body as "Content-Type: application/json".');
  }
  return parse(schema, request.body, 'body');
}

function isWithoutBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

function parse(schema: z.ZodType, value: unknown, what: 'body' | 'query'): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.flatMap(fieldErrors);
  const named = fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ');
  throw new Problem('invalid_request', `The ${what} is invalid. ${named}.`, { fields });
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const at = (...path: PropertyKey[]) => [...issue.path, ...path].join('.');
  if (issue.code !== 'unrecognized_keys') return [{ field: at(), message: issue.message }];
  return issue.keys.map((key) => ({ field: at(key), message: 'is unknown' }));
}
