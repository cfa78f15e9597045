import { z } from 'zod';
import { isForManagers } from './authorize.js';
import { CLICK_ID_PARAMETER } from './ensure-user.js';
import {
  headerReferences,
  problemComponents,
  problemResponses,
  problemsOf,
  RATE_LIMIT,
} from './openapi-problems.js';
import { problemBody } from './problem.js';
import { NDJSON, type Route } from './route.js';

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
        'Times are ISO 8601; `…Cents` are in the minor unit of their ISO 4217 currency, and an `amount` is a decimal. ' +
        'Every request is idempotent: where there was no answer, or one that says to retry, send the same request again. ' +
        'Each example works as it stands against `npm start`.',
    },
    servers: [{ url: '/', description: 'The server of this document.' }],
    tags: TAGS.filter(({ name }) => routes.some(({ operationId }) => operationId.startsWith(`${name}.`))),
    components: {
      securitySchemes: {
        sessionToken: SESSION_TOKEN,
        machineToken: MACHINE_TOKEN,
        consoleSession: CONSOLE_SESSION,
        ...(routes.some(({ access }) => access === 'signature') && { stripeSignature: STRIPE_SIGNATURE }),
      },
      schemas: Object.assign({}, ...schemas.map((schema) => z.toJSONSchema(schema, { io: 'output' }).$defs)),
      ...problemComponents(routes),
    },
    paths,
  };
}

/** The parameters of paths. */
const IN_PATH: Readonly<Record<string, string>> = {
  conversionId: '`<event>:<key>`, such as `signup:<userId>` or `<event>:<orderId>`.',
  findingId: '`<kind>:<actionTrackerId>:<orderId>`.',
  clerkId: "The user's id at the token issuer.",
};

const TAGS = [
  { name: 'user', description: 'For a website, with the token of its signed-in user.' },
  { name: 'conversions', description: 'For backends and operators, with the token of a machine.' },
  { name: 'audits', description: "The ledger beside Impact's Actions, with the token of a machine." },
  { name: 'sources', description: 'For systems that send events, and sign them.' },
  { name: 'users', description: 'What this service knows of a user, with the token of a machine.' },
];

const BEARER = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' };

const SESSION_TOKEN = {
  ...BEARER,
  description:
    "A user's session token, from the token issuer (with Clerk: `getToken()` of the session). " +
    'With `npm start`, `npm run -s token -- user user_example` prints one.',
};

const MACHINE_TOKEN = {
  ...BEARER,
  description:
    "A backend's token, from the token issuer (with Clerk: a machine-to-machine token in JWT format). " +
    "The API's operator grants the machine its scopes in `MACHINE_SCOPES`. " +
    'With `npm start`, `npm run -s token -- machine` prints one with every scope.',
};

const CONSOLE_SESSION = {
  type: 'apiKey',
  in: 'cookie',
  name: '__Host-affiliate-console',
  description:
    'The cookie of an affiliate manager who has signed in at `/console`. It only reads, and counts where the request ' +
    'has no header `Authorization`. On plain HTTP, as with `npm start`, its name is `affiliate-console`.',
};

const STRIPE_SIGNATURE = {
  type: 'apiKey',
  in: 'header',
  name: 'Stripe-Signature',
  description:
    'Of the body, by Stripe, with the secret of the webhook endpoint. The path is there only with `STRIPE_WEBHOOK_SECRET`. ' +
    'https://docs.stripe.com/webhooks/signature',
};

function operation(route: Route): object {
  const { operationId, summary, description, access, success, preview } = route;
  const answers = preview ? [{ ...success, ...preview }, success] : [success];
  return {
    operationId,
    tags: [operationId.split('.')[0]],
    summary,
    description: hasScope(route) ? `${description} Needs the scope \`${access}\`.` : description,
    security: securityOf(route),
    parameters: parametersOf(route),
    requestBody: requestBody(route),
    responses: {
      ...Object.fromEntries(answers.map((answer) => [answer.status, answerOf(answer, route.file?.type)])),
      ...problemResponses(problemsOf(route)),
    },
  };
}

function hasScope({ access }: Route): boolean {
  return access !== 'user' && access !== 'signature';
}

/** Any of them. */
function securityOf(route: Route): object[] {
  if (route.access === 'user') return [{ sessionToken: [] }];
  if (route.access === 'signature') return [{ stripeSignature: [] }];
  return [{ machineToken: [route.access] }, ...(isForManagers(route) ? [{ consoleSession: [] }] : [])];
}

function answerOf({ description, schema }: Route['success'], type?: string): object {
  const headers = headerReferences(RATE_LIMIT);
  return { description, headers, content: schema && contentOf(schema, 'output', {}, type) };
}

function parametersOf({ path, access, query, examples }: Route): object[] {
  const schema = { type: 'string' };
  const { properties = {}, required = [] } = query ? z.toJSONSchema(query, { io: 'input' }) : {};
  return [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
      name,
      in: 'path',
      required: true,
      description: IN_PATH[String(name)],
      schema,
      example: examples?.pathId,
    })),
    ...Object.entries(properties).map(([name, property]) => {
      const { description, ...schema } = property as { description?: string };
      const example = examples?.query?.[name];
      return { name, in: 'query', required: required.includes(name), description, schema, example };
    }),
    ...(access === 'user' ? [CLICK_ID_PARAMETER] : []),
  ];
}

function requestBody({ body, bodyIsOptional, bodyType, examples }: Route): object | undefined {
  if (!body) return undefined;
  const named = Object.entries(examples?.body ?? {}).map(([name, value]) => [name, { value }]);
  return {
    required: !bodyIsOptional,
    content: contentOf(
      body,
      'input',
      named.length > 0 ? { examples: Object.fromEntries(named) } : {},
      bodyType,
    ),
  };
}

/** Of a type that is not JSON, the content is a text. */
function contentOf(
  schema: z.ZodType,
  io: 'input' | 'output',
  examples: object = {},
  type = 'application/json',
): object {
  const id = schema.meta()?.id;
  const { $schema: _dialect, ...inline } = z.toJSONSchema(schema, { io });
  // A schema with an id stands once, among the components.
  const shown = id ? { $ref: `#/components/schemas/${id}` } : inline;
  return { [type]: { schema: type === NDJSON ? linesOf(type, shown) : shown, ...examples } };
}

/** JSON Schema has no word for a text of many values: this is the schema of each line. */
function linesOf(contentMediaType: string, contentSchema: object): object {
  const description = 'Lines, each of which is one JSON value with the schema of `contentSchema`.';
  return { type: 'string', description, contentMediaType, contentSchema };
}
