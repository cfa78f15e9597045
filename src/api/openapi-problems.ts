import { STATUS_CODES } from 'node:http';
import { isForManagers } from './authorize.js';
import { PROBLEMS, type ProblemCode, toProblemBody } from './problem.js';
import type { Route } from './route.js';

/** The error answers in /openapi.json. */

const HEADERS = {
  'Retry-After': {
    description: 'Seconds to wait before the next try.',
    schema: { type: 'integer', minimum: 0 },
  },
  'WWW-Authenticate': {
    description: 'How to authenticate. https://www.rfc-editor.org/rfc/rfc6750#section-3',
    schema: { type: 'string' },
  },
  RateLimit: {
    description:
      "What is left of the caller's limit: `r` requests in the next `t` seconds. Absent without a limit.",
    schema: { type: 'string' },
    example: '"user"; r=119; t=60',
  },
  'RateLimit-Policy': {
    description: "The caller's limit: `q` requests in `w` seconds.",
    schema: { type: 'string' },
    example: '"user"; q=120; w=60',
  },
};

/** Of every answer to an authenticated request. */
export const RATE_LIMIT: readonly (keyof typeof HEADERS)[] = ['RateLimit', 'RateLimit-Policy'];

export function headerReferences(names: readonly (keyof typeof HEADERS)[]): object {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

const HEADERS_OF: Record<number, readonly (keyof typeof HEADERS)[]> = {
  401: ['WWW-Authenticate'],
  429: [...RATE_LIMIT, 'Retry-After'],
  503: ['Retry-After'],
};

/** An example of each error that a route may answer. */
export function problemComponents(routes: readonly Route[]): object {
  const codes = [...new Set(routes.flatMap(problemsOf))];
  return {
    headers: HEADERS,
    examples: Object.fromEntries(codes.map((code) => [code, exampleOf(code)])),
  };
}

function exampleOf(code: ProblemCode): object {
  const [, meaning] = PROBLEMS[code];
  const detail = `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`;
  return { summary: meaning, value: toProblemBody(code, detail) };
}

const EVERY_ROUTE: readonly ProblemCode[] = [
  ...(Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => PROBLEMS[code][0] === 401),
  'too_many_requests',
  'internal_error',
  'token_key_pending',
  'authentication_unavailable',
  'database_unavailable',
];

const EVERY_JSON: readonly ProblemCode[] = ['malformed_json', 'body_too_large'];

/** What is wrong with a token, or keeps it from being checked. */
function isOfTokens(code: ProblemCode): boolean {
  return PROBLEMS[code][0] === 401 || ['token_key_pending', 'authentication_unavailable'].includes(code);
}

export function problemsOf(route: Route): readonly ProblemCode[] {
  const { access, path, query, body, bodyType, problems = [] } = route;
  if (access === 'signature') {
    const every = EVERY_ROUTE.filter((code) => !isOfTokens(code));
    return [...every, 'body_too_large', 'unsupported_media_type', 'invalid_request', ...problems];
  }
  const onlyReads: readonly ProblemCode[] = isForManagers(route) ? [] : ['session_only_reads'];
  const ofAccess: readonly ProblemCode[] =
    access === 'user'
      ? ['session_token_required', 'impersonated_session', 'user_erased']
      : ['machine_token_required', 'insufficient_scope', ...onlyReads];
  const isJson = body && !bodyType;
  // A path with a parameter may hold an invalid escape. A broken line of another body is refused by its result.
  const ofInput: readonly ProblemCode[] = isJson || query || path.includes('{') ? ['invalid_request'] : [];
  const ofBody: readonly ProblemCode[] = body
    ? [...(isJson ? EVERY_JSON : []), 'unsupported_media_type']
    : [];
  return [...EVERY_ROUTE, ...ofAccess, ...ofInput, ...ofBody, ...problems];
}

export function problemResponses(codes: readonly ProblemCode[]): Record<string, object> {
  const statuses = [...new Set(codes.map(statusOf))];
  const responses = statuses.map((status) => [
    status,
    responseOf(
      status,
      codes.filter((code) => statusOf(code) === status),
    ),
  ]);
  return Object.fromEntries(responses);
}

function statusOf(code: ProblemCode): number {
  return PROBLEMS[code][0];
}

function responseOf(status: number, codes: readonly ProblemCode[]): object {
  const meanings = codes.map((code) => `\`${code}\` (${PROBLEMS[code][1]})`);
  const examples = codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]);
  return {
    description: `${STATUS_CODES[status]}: ${meanings.join('; ')}`,
    headers: headerReferences(HEADERS_OF[status] ?? []),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(examples),
      },
    },
  };
}
