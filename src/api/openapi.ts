import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { PROBLEM_STATUS, type ProblemCode } from './problem.js';
import type { Route } from './route.js';
import { problemAnswer } from './schemas.js';

/** OpenAPI 3.1, whose schemas are JSON Schema 2020-12: exactly what zod generates. */
export function createOpenApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Affiliate conversion tracking',
      version: '1',
      description: 'Keeps the click that brought a user, and reports signups and sales to Impact, once each.',
    },
    components: {
      securitySchemes: {
        sessionToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "A user's session token.",
        },
        machineToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: "A backend's token.",
        },
      },
      schemas: components([problemAnswer, ...routes.flatMap(answersOf)]),
    },
    paths,
  };
}

function answersOf({ success, alternative }: Route): z.ZodType[] {
  return [success.schema ?? [], alternative?.schema ?? []].flat();
}

const EVERY_ROUTE: readonly ProblemCode[] = ['token_missing', 'insufficient_scope', 'database_unavailable'];

const EVERY_BODY: readonly ProblemCode[] = [
  'invalid_request',
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
];

function operation(route: Route): object {
  const parameters = [
    ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...(route.query ? queryParameters(route.query) : []),
    ...(route.header ? [{ ...route.header, in: 'header', required: false, schema: { type: 'string' } }] : []),
  ];
  const { success, alternative, access, body } = route;
  return {
    operationId: route.operationId,
    tags: [route.operationId.split('.')[0]],
    summary: route.summary,
    ...(access === 'user'
      ? { security: [{ sessionToken: [] }] }
      : { security: [{ machineToken: [access] }], description: `Needs the scope \`${access}\`.` }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? {
          requestBody: {
            required: !route.bodyIsOptional,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }
      : {}),
    responses: {
      [success.status]: answer(success),
      ...(alternative ? { [alternative.status]: answer(alternative) } : {}),
      ...problemResponses(problemsOf(route)),
    },
  };
}

function problemsOf({ query, body, problems }: Route): readonly ProblemCode[] {
  const ofInput: readonly ProblemCode[] = body ? EVERY_BODY : query ? ['invalid_request'] : [];
  return [...EVERY_ROUTE, ...ofInput, ...problems];
}

function answer({ description, schema }: Route['success']): object {
  return {
    description,
    ...(schema ? { content: { 'application/json': { schema: schemaOf(schema, 'output') } } } : {}),
  };
}

function queryParameters(query: z.ZodType): object[] {
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as { description?: string };
    return {
      name,
      in: 'query',
      required: required.includes(name),
      ...(description ? { description } : {}),
      schema,
    };
  });
}

function problemResponses(codes: readonly ProblemCode[]): Record<string, object> {
  const statuses = [...new Set(codes.map((code) => PROBLEM_STATUS[code]))];
  return Object.fromEntries(statuses.map((status) => [status, problemResponse(status, codes)]));
}

function problemResponse(status: number, codes: readonly ProblemCode[]): object {
  const named = codes.filter((code) => PROBLEM_STATUS[code] === status).map((code) => `\`${code}\``);
  return {
    description: `${STATUS_CODES[status]}: ${named.join(', ')}`,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

/** A schema with an id is written once, among the components. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): object {
  const id = schema.meta()?.id;
  if (id) return { $ref: `#/components/schemas/${id}` };
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

function components(schemas: readonly z.ZodType[]): Record<string, unknown> {
  return Object.assign({}, ...schemas.map((schema) => z.toJSONSchema(schema, { io: 'output' }).$defs));
}
