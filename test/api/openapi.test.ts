import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.js';

interface Operation {
  operationId: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, Answer>;
}

interface Answer {
  description: string;
  headers?: Record<string, object>;
  content?: Record<string, { schema: Schema; examples?: Record<string, object> }>;
}

interface Schema {
  properties?: Record<string, { const?: string }>;
  required?: string[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  additionalProperties?: boolean;
}

let stack: Stack;
// biome-ignore lint/suspicious/noExplicitAny: the tests read a document of any shape.
let document: any;

beforeAll(async () => {
  stack = await startStack({ worker: false });
  document = (await stack.api.call('/openapi.json')).body;
});
afterAll(() => stack.stop());

const operations = () =>
  Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
const operation = (method: string, path: string): Operation => document.paths[path][method];

/** Every value of the document, at any depth. */
function* everything(value: unknown): Iterable<[key: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    yield [key, item];
    yield* everything(item);
  }
}

describe('/openapi.json', () => {
  it('is an OpenAPI 3.1 document', () => {
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\.\d+$/),
      info: { title: expect.any(String), version: expect.any(String) },
      components: { securitySchemes: { sessionToken: { type: 'http', scheme: 'bearer' } } },
    });
  });

  it.each([
    ['get', '/v1/me', 'sessionToken', []],
    ['put', '/v1/me/affiliate-attribution', 'sessionToken', []],
    ['post', '/v1/conversions', 'machineToken', ['conversions:publish']],
    ['post', '/v1/conversions/dry-run', 'machineToken', ['conversions:publish']],
    ['get', '/v1/conversions', 'machineToken', ['conversions:read']],
    ['get', '/v1/conversions.csv', 'machineToken', ['conversions:read']],
    ['get', '/v1/conversions/counts', 'machineToken', ['conversions:read']],
    ['get', '/v1/conversions/find', 'machineToken', ['conversions:read']],
    ['get', '/v1/users/{clerkId}', 'machineToken', ['conversions:read']],
    ['put', '/v1/users/{clerkId}', 'machineToken', ['users:write']],
    ['post', '/v1/users/import', 'machineToken', ['users:write']],
    ['delete', '/v1/users/{clerkId}', 'machineToken', ['users:write']],
    ['get', '/v1/conversions/{conversionId}', 'machineToken', ['conversions:read']],
    ['post', '/v1/conversions/{conversionId}/retry', 'machineToken', ['conversions:operate']],
    ['post', '/v1/conversions/{conversionId}/abandon', 'machineToken', ['conversions:operate']],
    ['post', '/v1/conversions/retry', 'machineToken', ['conversions:operate']],
    ['post', '/v1/conversions/abandon', 'machineToken', ['conversions:operate']],
    ['post', '/v1/conversions/{conversionId}/reverse', 'machineToken', ['conversions:adjust']],
    ['put', '/v1/conversions/{conversionId}/amount', 'machineToken', ['conversions:adjust']],
    ['get', '/v1/audits/latest', 'machineToken', ['conversions:read']],
    ['get', '/v1/findings', 'machineToken', ['conversions:read']],
    ['post', '/v1/findings/{findingId}/acknowledge', 'machineToken', ['conversions:operate']],
  ])('has %s %s, for a %s with %j', (method, path, scheme, scopes) => {
    expect(operation(method, path).security[0]).toEqual({ [scheme]: scopes });
  });

  it('names the session of the console exactly where a backend may read', () => {
    for (const { path, method, operation } of operations()) {
      const reads = method === 'get' && operation.security[0]?.machineToken?.[0] === 'conversions:read';
      expect(operation.security.slice(1), `${method} ${path}`).toEqual(reads ? [{ consoleSession: [] }] : []);
    }
  });

  it('describes every security scheme that it names', () => {
    const named = operations().flatMap((one) =>
      one.operation.security.flatMap((scheme) => Object.keys(scheme)),
    );
    expect(Object.keys(document.components.securitySchemes)).toEqual(expect.arrayContaining(named));
  });

  it('gives every operation a unique id', () => {
    const ids = operations().map((one) => one.operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('describes every parameter of a path', () => {
    for (const { path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(described.map(({ name }) => name)).toEqual(inPath);
      expect(described.every(({ required }) => required)).toBe(true);
    }
  });

  it('describes every answer of every operation', () => {
    for (const { operation } of operations()) {
      expect(Object.keys(operation.responses).some((status) => status.startsWith('2'))).toBe(true);
      for (const [status, { description }] of Object.entries(operation.responses)) {
        expect([status, description]).toEqual([
          expect.stringMatching(/^[2-5]\d\d$/),
          expect.stringMatching(/./),
        ]);
      }
    }
  });

  it('contains the target of every reference', () => {
    const references = [...everything(document)]
      .filter(([key]) => key === '$ref')
      .map(([, value]) => String(value));
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      const [, ...keys] = reference.split('/');
      const target = keys.reduce<unknown>(
        (value, key) => (value as Record<string, unknown>)?.[key],
        document,
      );
      expect(target, reference).toBeTypeOf('object');
    }
  });

  it('contains no schema that is a separate document', () => {
    const roots = [...everything(document)].filter(([key]) => key === '$schema' || key === '$defs');
    expect(roots).toEqual([]);
  });

  it('describes the click id header on each route of a session, and on no other', () => {
    for (const { path, method, operation } of operations()) {
      const headers = operation.parameters?.filter((parameter) => parameter.in === 'header');
      const isOfSession = operation.security[0]?.sessionToken !== undefined;
      const expected = { name: 'X-Affiliate-Click-Id', in: 'header', required: false };
      expect(headers, `${method} ${path}`).toMatchObject(isOfSession ? [expected] : []);
    }
  });

  it('describes the query parameters', () => {
    const list = operation('get', '/v1/conversions').parameters ?? [];
    const filters = [
      ...['status', 'event', 'reason', 'userId', 'clerkId', 'clickId', 'orderId'],
      ...['occurredFrom', 'occurredTo'],
    ];
    expect(list.map(({ name }) => name)).toEqual([...filters, 'cursor', 'limit']);
    const csv = operation('get', '/v1/conversions.csv').parameters ?? [];
    expect(csv.map(({ name }) => name)).toEqual(filters);
    expect(list.every((parameter) => parameter.in === 'query' && !parameter.required)).toBe(true);
    expect(list.find(({ name }) => name === 'limit')?.schema).toMatchObject({
      type: 'integer',
      minimum: 1,
      maximum: 100,
      default: 20,
    });
  });

  it.each([
    ['/v1/conversions', '202', 'PublishedConversion'],
    ['/v1/conversions/dry-run', '200', 'DryRun'],
  ])('describes the answer of POST %s', (path, status, schema) => {
    const { content } = operation('post', path).responses[status] ?? {};
    expect(content?.['application/json']?.schema).toEqual({ $ref: `#/components/schemas/${schema}` });
  });

  it.each(['/v1/conversions/retry', '/v1/conversions/abandon'])(
    'describes the preview of POST %s, and what a changed one says beside its code',
    (path) => {
      const { responses } = operation('post', path);
      for (const status of ['200', '202'])
        expect(responses[status]?.content?.['application/json']?.schema).toEqual({
          $ref: '#/components/schemas/MovedConversions',
        });
      expect(responses['409']?.description).toContain('`preview_changed`');
      const { properties, required } = document.components.schemas.Problem;
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(['count', 'byReason', 'estimate']));
      expect(required).not.toContain('count');
    },
  );

  it('describes a list as CSV as a text', () => {
    const { content } = operation('get', '/v1/conversions.csv').responses['200'] ?? {};
    expect(content).toEqual({ 'text/csv': { schema: { type: 'string' } } });
  });

  it('describes the lines of an import, and those of its answer', () => {
    const { requestBody, responses } = operation('post', '/v1/users/import');
    const type = 'application/x-ndjson';
    const lines = { type: 'string', contentMediaType: type };
    expect(requestBody?.content[type]?.schema).toMatchObject({
      ...lines,
      contentSchema: { required: ['clerkId'], additionalProperties: false },
    });
    expect(responses['200']?.content?.[type]?.schema).toMatchObject({
      ...lines,
      contentSchema: { $ref: '#/components/schemas/ImportedLine' },
    });
  });

  it('gives publishing and its dry run the same body', () => {
    const [publish, dryRun] = ['/v1/conversions', '/v1/conversions/dry-run'].map(
      (path) => operation('post', path).requestBody,
    );
    expect(dryRun).toEqual(publish);
  });

  it('describes the meaning of every error', () => {
    for (const { operation } of operations()) {
      const errors = Object.entries(operation.responses).filter(([status]) => status >= '400');
      for (const [, { description }] of errors) expect(description).toMatch(/^[\w ]+: (`\w+` \(.+\)(; |$))+/);
    }
  });

  it('shows each error of an operation as the API answers it', () => {
    for (const { operation } of operations()) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (status < '400') continue;
        const examples = Object.keys(content?.['application/problem+json']?.examples ?? {});
        expect(examples).not.toEqual([]);
        for (const code of examples)
          expect(document.components.examples[code].value).toMatchObject({ status: Number(status), code });
      }
    }
  });

  it('says when to retry where a retry helps', () => {
    for (const { operation } of operations())
      for (const status of ['429', '503'])
        expect(Object.keys(operation.responses[status]?.headers ?? {})).toContain('Retry-After');
  });

  it('says where a token comes from, and which server it describes', () => {
    const { sessionToken, machineToken } = document.components.securitySchemes;
    expect(sessionToken.description).toContain('npm run -s token -- user');
    expect(machineToken.description).toContain('npm run -s token -- machine');
    expect(document.servers).toEqual([{ url: '/', description: expect.any(String) }]);
  });

  it('describes each tag that an operation has', () => {
    const described = document.tags.map(({ name }: { name: string }) => name);
    expect(new Set(operations().flatMap((one) => one.operation.tags))).toEqual(new Set(described));
  });

  it('states which body is optional', () => {
    expect(operation('post', '/v1/conversions/{conversionId}/retry').requestBody?.required).toBe(false);
    expect(operation('post', '/v1/conversions/{conversionId}/abandon').requestBody?.required).toBe(true);
  });

  it('describes the answers that a body can have', () => {
    for (const { operation } of operations().filter((one) => one.operation.requestBody)) {
      const isJson = operation.requestBody?.content['application/json'] !== undefined;
      const expected = isJson ? ['400', '413', '415'] : ['415'];
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(expected));
    }
  });

  it('describes the answers that every operation can have', () => {
    for (const { operation } of operations()) {
      expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(['401', '403', '429', '503']));
    }
  });

  it('says where an answer names the time to retry', () => {
    for (const { operation } of operations()) {
      for (const status of ['429', '503'])
        expect(Object.keys(operation.responses[status]?.headers ?? {})).toContain('Retry-After');
    }
  });

  it.each([
    ['post', '/v1/conversions', '409', 'conversion_conflict'],
    ['post', '/v1/conversions', '400', 'unknown_campaign_event'],
    ['post', '/v1/conversions', '400', 'amount_too_high'],
    ['put', '/v1/conversions/{conversionId}/amount', '400', 'amount_too_high'],
    ['post', '/v1/conversions/dry-run', '400', 'unknown_campaign_event'],
    ['get', '/v1/conversions', '400', 'invalid_request'],
    ['get', '/v1/conversions/{conversionId}', '404', 'conversion_not_found'],
    ['get', '/v1/users/{clerkId}', '404', 'user_not_found'],
    ['get', '/v1/conversions/find', '400', 'invalid_request'],
    ['post', '/v1/conversions/{conversionId}/retry', '409', 'conversion_not_parked'],
    ['post', '/v1/conversions/{conversionId}/retry', '503', 'temporal_unavailable'],
    ['post', '/v1/conversions/{conversionId}/abandon', '409', 'conversion_settled'],
    ['get', '/v1/audits/latest', '404', 'audit_not_found'],
    ['post', '/v1/findings/{findingId}/acknowledge', '404', 'finding_not_found'],
    ['post', '/v1/findings/{findingId}/acknowledge', '409', 'finding_closed'],
  ])('lists for %s %s under %s the code %s', (method, path, status, code) => {
    expect(operation(method, path).responses[status]?.description).toContain(`\`${code}\``);
  });
});

describe('the body of POST /v1/conversions', () => {
  const members = () => {
    const schema = operation('post', '/v1/conversions').requestBody?.content['application/json']?.schema;
    return schema?.oneOf ?? schema?.anyOf ?? [];
  };

  it('is one of the two campaign events', () => {
    const ids = members().map(({ properties }) => properties?.campaignEventId?.const);
    expect(ids).toEqual(['signup', 'sale_subscription']);
  });

  it('names the user in exactly one way', () => {
    const oneOf = [{ required: ['userId'] }, { required: ['clerkId'] }];
    for (const member of members()) expect(member).toMatchObject({ oneOf });
  });

  it('has exactly the fields of a sale', () => {
    const [, sale] = members();
    expect(new Set(Object.keys(sale?.properties ?? {}))).toEqual(
      new Set([
        'campaignEventId',
        'clerkId',
        'currency',
        'customerEmail',
        'customerStatus',
        'discountCents',
        'items',
        'note',
        'occurredAt',
        'orderId',
        'promoCode',
        'shippingCents',
        'taxCents',
        'totalAmountCents',
        'userId',
      ]),
    );
    expect(sale).toMatchObject({
      required: expect.arrayContaining(['campaignEventId', 'orderId', 'totalAmountCents', 'currency']),
      additionalProperties: false,
    });
  });
});
