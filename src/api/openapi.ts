import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { PROBLEMS, type ProblemCode, problemBody } from './problem.js';
import type { Route } from './route.js';

/** OpenAPI 3.1: its schemas are JSON Schema 2020-12, which zod generates. https://spec.openapis.org/oas/v3.1.1.html */
export function createOpenApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  const schemas = [problemBody, ...routes.flatMap(({ success }) => success.schema ?? [])];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Affiliate conversion tracking',
      version: '1',
      description:
        'Stores the click that brought a user, and reports each signup and sale to Impact once. ' +
        'Times are ISO 8601; amounts are in the minor unit of their ISO 4217 currency.',
    },
    components: {
      securitySchemes: {
        sessionToken: { ...BEARER, description: "A user's session token." },
        machineToken: { ...BEARER, description: "A backend's token." },
      },
      schemas: Object.assign({}, ...schemas.map((schema) => z.toJSONSchema(schema, { io: 'output' }).$defs)),
    },
    paths,
  };
}

const BEARER = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' };

function operation(route: Route): object {
  const { operationId, summary, description, access, body, success } = route;
  return {
    operationId,
    tags: [operationId.split('.')[0]],
    summary,
    description: access === 'user' ? description : `${description} Needs the scope \`${access}\`.`,
    security: access === 'user' ? [{ sessionToken: [] }] : [{ machineToken: [access] }],
    parameters: parametersOf(route),
    requestBody: body && { required: !route.bodyIsOptional, content: jsonContent(body, 'input') },
    responses: {
      [success.status]: {
        description: success.description,
        content: success.schema && jsonContent(success.schema, 'output'),
      },
      ...problemResponses(problemsOf(route)),
    },
  };
}

function parametersOf({ path, query, header }: Route): object[] {
  const schema = { type: 'string' };
  const { properties = {}, required = [] } = query ? z.toJSONSchema(query, { io: 'input' }) : {};
  return [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema })),
    ...Object.entries(properties).map(([name, property]) => {
      const { description, ...schema } = property as { description?: string };
      return { name, in: 'query', required: required.includes(name), description, schema };
    }),
    ...(header ? [{ ...header, in: 'header', required: false, schema }] : []),
  ];
}

const EVERY_ROUTE: readonly ProblemCode[] = [
  ...(Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => PROBLEMS[code][0] === 401),
  'internal_error',
  'authentication_unavailable',
  'database_unavailable',
];

const EVERY_BODY: readonly ProblemCode[] = ['malformed_json', 'body_too_large', 'unsupported_media_type'];

function problemsOf({ access, query, body, problems = [] }: Route): readonly ProblemCode[] {
  const ofAccess: readonly ProblemCode[] =
    access === 'user' ? ['session_token_required'] : ['machine_token_required', 'insufficient_scope'];
  const ofInput: readonly ProblemCode[] = body || query ? ['invalid_request'] : [];
  return [...EVERY_ROUTE, ...ofAccess, ...ofInput, ...(body ? EVERY_BODY : []), ...problems];
}

function problemResponses(codes: readonly ProblemCode[]): Record<string, object> {
  const meanings: Record<string, string[]> = {};
  for (const code of codes) {
    const [status, meaning] = PROBLEMS[code];
    meanings[status] = [...(meanings[status] ?? []), `\`${code}\` (${meaning})`];
  }
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const responses = Object.entries(meanings).map(([status, named]) => {
    return [status, { description: `${STATUS_CODES[status]}: ${named.join('; ')}`, content }];
  });
  return Object.fromEntries(responses);
}

function jsonContent(schema: z.ZodType, io: 'input' | 'output'): object {
  const id = schema.meta()?.id;
  const { $schema: _dialect, ...inline } = z.toJSONSchema(schema, { io });
  // A schema with an id stands once, among the components.
  return { 'application/json': { schema: id ? { $ref: `#/components/schemas/${id}` } : inline } };
}
