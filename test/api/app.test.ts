import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.js';
import { expectProblem } from './support.js';

const ORIGIN = 'https://app.example.com';

let closed: Stack;
let open: Stack;

beforeAll(async () => {
  [closed, open] = await Promise.all([
    startStack({ worker: false }),
    startStack({ worker: false, allowedOrigins: [ORIGIN, 'https://www.example.com'] }),
  ]);
});
afterAll(() => Promise.all([closed.stop(), open.stop()]));

async function pageOf(stack: Stack, origin: string) {
  const token = await stack.api.tokens.session(`user_${randomUUID()}`);
  return stack.api.call('/v1/me', { token, headers: { Origin: origin } });
}

const preflight = (stack: Stack, origin: string) =>
  stack.api.call('/v1/me/affiliate-attribution', {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'PUT',
      'Access-Control-Request-Headers': 'authorization,content-type,x-affiliate-click-id',
    },
  });

describe('by default, no origin', () => {
  it('may read an answer', async () => {
    const { status, headers } = await pageOf(closed, ORIGIN);
    expect(status).toBe(200);
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });

  it('passes a preflight', async () => {
    expect((await preflight(closed, ORIGIN)).headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('an allowed origin', () => {
  it.each([ORIGIN, 'https://www.example.com'])('(%s) may read an answer', async (origin) => {
    expect((await pageOf(open, origin)).headers.get('access-control-allow-origin')).toBe(origin);
  });

  it('may read an error', async () => {
    const { status, headers } = await open.api.call('/v1/me', { headers: { Origin: ORIGIN } });
    expect({ status, origin: headers.get('access-control-allow-origin') }).toEqual({
      status: 401,
      origin: ORIGIN,
    });
  });

  it('passes a preflight for PUT with a token, JSON and the click id header', async () => {
    const { status, headers } = await preflight(open, ORIGIN);
    const listOf = (name: string) => headers.get(name)?.toLowerCase().split(',');
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
    expect(listOf('access-control-allow-methods')).toContain('put');
    expect(listOf('access-control-allow-headers')).toEqual([
      'authorization',
      'content-type',
      'x-affiliate-click-id',
    ]);
  });

  it('is named to caches, so that they serve its answer to no other origin', async () => {
    expect((await pageOf(open, ORIGIN)).headers.get('vary')).toContain('Origin');
  });

  it('sends no cookies, because the API reads none', async () => {
    expect((await pageOf(open, ORIGIN)).headers.has('access-control-allow-credentials')).toBe(false);
  });
});

describe('another origin', () => {
  it.each([
    'https://evil.example.com',
    'http://app.example.com',
    'https://app.example.com.evil.org',
    'https://app.example.com:8443',
    'null',
  ])('(%s) may not read an answer', async (origin) => {
    expect((await pageOf(open, origin)).headers.has('access-control-allow-origin')).toBe(false);
  });

  it('passes no preflight', async () => {
    const { headers } = await preflight(open, 'https://evil.example.com');
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('an unknown route', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/v1'],
    ['GET', '/v1/users'],
    ['GET', '/V2/me'],
    ['DELETE', '/v1/me'],
    ['POST', '/v1/me/affiliate-attribution'],
  ])('(%s %s) is not found', async (method, path) => {
    const answer = await closed.api.call(path, { method });
    expectProblem(answer, 404, 'route_not_found');
    expect(answer.body.detail).toBe(`There is no ${method} ${path}. /openapi.json lists the routes.`);
  });
});

describe('no answer', () => {
  it.each(['/healthz', '/readyz', '/openapi.json', '/docs', '/v1/me', '/nowhere'])(
    '(%s) reveals the software behind it',
    async (path) => {
      const { headers } = await closed.api.call(path);
      expect([headers.has('x-powered-by'), headers.has('server')]).toEqual([false, false]);
    },
  );

  it('may be read as another type than its content type', async () => {
    expect((await closed.api.call('/v1/me')).headers.get('x-content-type-options')).toBe('nosniff');
  });
});
