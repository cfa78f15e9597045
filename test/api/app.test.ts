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

  it('may read when to retry, and how much of its limit is left', async () => {
    const exposed = (await pageOf(open, ORIGIN)).headers.get('access-control-expose-headers');
    expect(exposed?.split(',')).toEqual(['RateLimit', 'RateLimit-Policy', 'Retry-After']);
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

  it('sends no cookies: those of the console are for its own page', async () => {
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
    ['DELETE', '/v2/me'],
    // Off without a secret.
    ['POST', '/v1/sources/stripe'],
  ])('(%s %s) is not found', async (method, path) => {
    const answer = await closed.api.call(path, { method });
    expectProblem(answer, 404, 'route_not_found');
    expect(answer.body.detail).toBe(`There is no path ${path}. /openapi.json lists the paths.`);
  });

  it.each([
    '/V1/ME',
    '/v1/Me',
    '/v1/me/',
    '/v1//me',
    '/v1/conversions/',
    '/Healthz',
    '/healthz/',
    '/openapi.json/',
    '/DOCS',
  ])('(%s) is one although a router could take it for another that it resembles', async (path) => {
    const token = await closed.api.tokens.session(`user_${randomUUID()}`);
    expectProblem(await closed.api.call(path, { token }), 404, 'route_not_found');
  });

  it('of 15 kB is named by its beginning', async () => {
    const { status, body } = await closed.api.call(`/${'x'.repeat(15_000)}`);
    expect(status).toBe(404);
    expect(JSON.stringify(body).length).toBeLessThan(500);
  });
});

describe('a cache', () => {
  it.each(['/v1/me', '/v1/conversions', '/nowhere', '/healthz', '/readyz', '/docs/nowhere'])(
    'never stores the answer of %s',
    async (path) => {
      expect((await closed.api.call(path)).headers.get('cache-control')).toBe('no-store');
    },
  );

  it('never stores the answer to an authenticated request, even for its user', async () => {
    expect((await pageOf(closed, ORIGIN)).headers.get('cache-control')).toBe('private, no-store');
  });

  it('never stores the problem of an authenticated request', async () => {
    const token = await closed.api.tokens.machine('other');
    expect((await closed.api.call('/v1/conversions', { token })).headers.get('cache-control')).toBe(
      'no-store',
    );
  });

  it.each(['/openapi.json', '/docs', '/docs/start.js', '/docs/swagger-ui.css'])(
    'may store %s, which is the same for everyone',
    async (path) => {
      expect((await closed.api.call(path)).headers.get('cache-control')).toBe('public, max-age=300');
    },
  );
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
