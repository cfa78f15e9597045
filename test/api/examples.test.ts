import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeExamples } from '../../dev/examples.js';
import { EXAMPLE, exampleSales } from '../../src/api/examples.js';
import { defaultProgramme } from '../../src/domain/programme/default-programme.js';
import { SCOPES } from '../../src/domain/scopes.js';
import { type Stack, startStack } from '../support/stack.js';

interface Operation {
  operationId: string;
  security: Record<string, string[]>[];
  parameters: { name: string; in: string; example?: string }[];
  requestBody?: { content: Record<string, { examples?: Record<string, { value: object | string }> }> };
  responses: Record<string, unknown>;
}

interface Example {
  operationId: string;
  method: string;
  path: string;
  kind: string;
  headers: Record<string, string>;
  body?: string;
  success: number;
}

let stack: Stack;
let examples: Example[];

beforeAll(async () => {
  stack = await startStack();
  await makeAll();
  examples = examplesOf((await stack.api.call('/openapi.json')).body);
});
afterAll(() => stack.stop());

async function makeAll(): Promise<void> {
  const tokens = { session: await tokenOf('sessionToken'), machine: await tokenOf('machineToken') };
  await makeExamples({
    apiUrl: stack.apiUrl,
    impactUrl: stack.sandbox.url,
    tokens,
    temporalAddress: stack.temporalAddress,
    namespace: stack.temporal.options.namespace,
    programme: defaultProgramme,
  });
}

function tokenOf(scheme: string): Promise<string> {
  const { tokens } = stack.api;
  return scheme === 'sessionToken' ? tokens.session(EXAMPLE.clerkId) : tokens.machine(SCOPES.join(' '));
}

/** One request for each example of a body, and one for an operation without a body. */
function examplesOf(document: { paths: Record<string, Record<string, Operation>> }): Example[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const example = {
        operationId: operation.operationId,
        method: method.toUpperCase(),
        path:
          path.replace(/\{\w+\}/, encodeURIComponent(exampleIn(operation, 'path') ?? '')) +
          queryOf(operation),
        kind: Object.keys(operation.security[0] ?? {})[0] ?? '',
        headers: headersOf(operation),
        success: Number(Object.keys(operation.responses).find((status) => status < '300')),
      };
      if (!operation.requestBody) return [example];
      return Object.entries(operation.requestBody.content).flatMap(([type, { examples = {} }]) =>
        Object.values(examples).map(({ value }) => ({
          ...example,
          headers: { ...example.headers, 'Content-Type': type },
          body: typeof value === 'string' ? value : JSON.stringify(value),
        })),
      );
    }),
  );
}

function exampleIn({ parameters }: Operation, where: string): string | undefined {
  return parameters.find((parameter) => parameter.in === where)?.example;
}

/** The parameters of the query that have an example. */
function queryOf({ parameters }: Operation): string {
  const query = new URLSearchParams();
  for (const { name, in: where, example } of parameters)
    if (where === 'query' && example !== undefined) query.set(name, example);
  return query.size === 0 ? '' : `?${query}`;
}

function headersOf({ parameters }: Operation): Record<string, string> {
  const headers = parameters.filter((parameter) => parameter.in === 'header');
  return Object.fromEntries(headers.map(({ name, example = '' }) => [name, example]));
}

describe('the examples of /openapi.json', () => {
  it('name a request for every operation', async () => {
    const { body } = await stack.api.call('/openapi.json');
    const operations = Object.values(body.paths as Record<string, Record<string, Operation>>).flatMap(
      (methods) => Object.values(methods).map(({ operationId }) => operationId),
    );
    expect([...new Set(examples.map(({ operationId }) => operationId))]).toEqual(operations);
  });

  it('work as they stand, one after the other', async () => {
    const { parkedToRetry = '', parkedToAbandon = '' } = exampleSales(defaultProgramme);
    for (const id of [parkedToRetry, parkedToAbandon]) await stack.untilStatus(id, 'parked');
    for (const { operationId, method, path, kind, headers, body, success } of examples) {
      const token = await tokenOf(kind);
      const init = { method, headers, token, ...(body ? { body } : {}) };
      const answer = await stack.api.call(path, init);
      const { code, detail } = answer.body ?? {};
      expect([operationId, answer.status, code && detail]).toEqual([operationId, success, undefined]);
    }
  });

  it('leave no refusal behind where they are made again', async () => {
    await makeAll();
    const faults = await (await fetch(`${stack.sandbox.url}/_sandbox/faults`)).json();
    expect(faults).toEqual({ faults: [] });
  });
});
