import type { Express, Request } from 'express';
import type { z } from 'zod';
import type { WorkflowStarter } from '../conversions/start-soon.js';
import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import type { FieldError } from '../domain/errors.js';
import type { Metrics } from '../metrics.js';
import type { Database } from '../mongo.js';
import type { Tracing } from '../tracing/tracing.js';
import { concernsConversion } from '../work-context.js';
import type { Authenticate, Principal } from './authenticate.js';
import { type Access, authorize } from './authorize.js';
import { Problem, type ProblemCode } from './problem.js';
import { traceRequests } from './trace-requests.js';

export interface ApiDeps {
  db: Database;
  campaignEvents: CampaignEvents;
  starter: WorkflowStarter;
  authenticate: Authenticate;
  metrics: Metrics;
  signupGraceMs: number;
  tracing?: Tracing | undefined;
}

/** One operation: what serves it and what /openapi.json says of it, side by side. */
export interface Route<A extends Access = Access, Body = unknown> {
  method: 'get' | 'put' | 'post';
  /** In OpenAPI's notation: `/v1/conversions/{conversionId}`. */
  path: string;
  operationId: string;
  summary: string;
  access: A;
  /** The body, which is JSON and checked before `handle` runs. */
  body?: z.ZodType<Body>;
  /** Throws, before the body is checked, where it deserves a code of its own. */
  refuse?(body: unknown): void;
  /** Names a header that `handle` reads. */
  header?: { name: string; description: string };
  success: { status: number; description: string; schema?: z.ZodType };
  /** What it may answer besides, beyond what every route may. */
  problems: readonly ProblemCode[];
  handle(context: RouteContext<A, Body>): Promise<unknown>;
}

export interface RouteContext<A extends Access, Body> {
  request: Request;
  principal: Extract<Principal, { kind: A extends 'user' ? 'session' : 'machine' }>;
  body: Body;
}

/** Checks in this order: who calls, may they, is the body right. */
export function mountRoute(app: Express, deps: ApiDeps, route: Route): void {
  const path = route.path.replace(/\{(\w+)\}/g, ':$1');
  if (deps.tracing) app[route.method](path, traceRequests(deps.tracing, route));
  app[route.method](path, async (request, response) => {
    const { conversionId } = request.params;
    if (typeof conversionId === 'string') concernsConversion(conversionId);
    const principal = await deps.authenticate(request.headers.authorization);
    authorize(principal, route.access);
    const body = route.body ? parseBody(request, route.body, route.refuse) : undefined;
    const result = await route.handle({ request, principal, body } as RouteContext<Access, unknown>);
    if (result === undefined) response.status(route.success.status).end();
    else response.status(route.success.status).json(result);
  });
}

function parseBody<Body>(request: Request, schema: z.ZodType<Body>, refuse?: (body: unknown) => void): Body {
  if (!request.is('application/json')) {
    throw new Problem('unsupported_media_type', 'Send the body as "Content-Type: application/json".');
  }
  refuse?.(request.body);
  const result = schema.safeParse(request.body);
  if (result.success) return result.data;
  const fields = result.error.issues.flatMap(fieldErrors);
  const named = fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ');
  throw new Problem('invalid_request', `The body is not right. ${named}.`, { fields });
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const at = (...path: PropertyKey[]) => [...issue.path, ...path].join('.');
  if (issue.code !== 'unrecognized_keys') return [{ field: at(), message: issue.message }];
  return issue.keys.map((key) => ({ field: at(key), message: 'is not known' }));
}
