import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../dev/serve.js';
import { createHealth } from '../src/health.js';
import { createHttpServer } from '../src/http-server.js';
import { createInternalApp } from '../src/internal-app.js';
import { createMetrics } from '../src/metrics.js';
import { createMetricsEndpoint } from '../src/metrics-endpoint.js';
import { expectProblem, sendRaw } from './api/support.js';
import { logger } from './support/runtime.js';
import { type Stack, startStack } from './support/stack.js';

let stack: Stack;
let internal: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  stack = await startStack({ worker: false, console: {} });
  // As src/worker.ts does.
  const endpoints = [
    createHealth({ ready: async () => undefined }),
    createMetricsEndpoint({ metrics: createMetrics(), logger }),
  ];
  internal = await serve(createHttpServer(createInternalApp(logger, ...endpoints)));
});
afterAll(() => Promise.all([stack.stop(), internal.stop()]));

const READ = 'GET, HEAD, OPTIONS';
const API_PATHS = [
  ['/healthz', READ],
  ['/readyz', READ],
  ['/openapi.json', READ],
  ['/docs', READ],
  ['/docs/start.js', READ],
  ['/console', READ],
  ['/console/main.js', READ],
  ['/console/session', READ],
  ['/console/sign-in', 'GET, OPTIONS'],
  ['/console/callback', 'GET, OPTIONS'],
  ['/console/sign-out', 'POST, OPTIONS'],
  ['/v1/me', 'GET, OPTIONS'],
  ['/v1/me/affiliate-attribution', 'PUT, OPTIONS'],
  ['/v1/conversions', 'POST, GET, HEAD, OPTIONS'],
  ['/v1/conversions/dry-run', 'POST, OPTIONS'],
  ['/v1/conversions/signup:1', READ],
  ['/v1/conversions/signup:1/retry', 'POST, OPTIONS'],
  ['/v1/conversions/signup:1/amount', 'PUT, OPTIONS'],
  ['/v1/users/user_1', 'GET, HEAD, PUT, DELETE, OPTIONS'],
  ['/v1/users/import', 'POST, OPTIONS'],
] as const;
const INTERNAL_PATHS = [
  ['/healthz', READ],
  ['/readyz', READ],
  ['/metrics', READ],
] as const;

const headerOf = (head: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1];

describe('a method that a path does not have', () => {
  it.each(API_PATHS)('is refused with the methods of %s: %s', async (path, allow) => {
    const others = ['TRACE', 'DELETE', 'PATCH', 'PROPFIND'].filter((method) => !allow.includes(method));
    for (const method of others) {
      const { status, head, body } = await sendRaw(stack.apiUrl, [`${method} ${path} HTTP/1.1`]);
      expect({ status, allow: headerOf(head, 'Allow') }).toEqual({ status: 405, allow });
      const detail = `This path has no ${method}. It has ${allow}.`;
      expect(JSON.parse(body)).toMatchObject({ status: 405, code: 'method_not_allowed', detail });
    }
  });

  it.each(INTERNAL_PATHS)(
    'is refused on an internal port with the methods of %s: %s',
    async (path, allow) => {
      for (const method of ['TRACE', 'POST', 'DELETE']) {
        const { status, head, body } = await sendRaw(internal.url, [`${method} ${path} HTTP/1.1`]);
        expect({ status, allow: headerOf(head, 'Allow') }).toEqual({ status: 405, allow });
        expect(body).toContain(`This path has no ${method}. It has ${allow}.`);
      }
    },
  );

  it('is refused to a caller without a token, too, because the document lists the methods', async () => {
    expectProblem(await stack.api.call('/v1/me', { method: 'DELETE' }), 405, 'method_not_allowed');
  });

  it.each(['TRACE', 'DELETE', 'OPTIONS'])('(%s) is not what an unknown path lacks', async (method) => {
    for (const { url } of [{ url: stack.apiUrl }, internal]) {
      expect((await sendRaw(url, [`${method} /nowhere HTTP/1.1`])).status).toBe(404);
    }
  });

  it.each(['BREW /v1/me', 'CONNECT example.com:443'])(
    'that HTTP does not route (%s) is refused',
    async (start) => {
      for (const { url } of [{ url: stack.apiUrl }, internal]) {
        expect((await sendRaw(url, [`${start} HTTP/1.1`])).head).toMatch(/^HTTP\/1\.1 400 Bad Request/);
      }
    },
  );
});

describe('OPTIONS', () => {
  it.each(API_PATHS)('answers with the methods of %s: %s', async (path, allow) => {
    const { status, head, body } = await sendRaw(stack.apiUrl, [`OPTIONS ${path} HTTP/1.1`]);
    expect({ status, allow: headerOf(head, 'Allow'), body }).toEqual({ status: 204, allow, body: '' });
  });
});

describe('HEAD', () => {
  it('of /v1/me is refused: it created a user, and reported a signup', async () => {
    const clerkId = `user_${randomUUID()}`;
    const token = await stack.api.tokens.session(clerkId);
    const { status, headers } = await stack.api.call('/v1/me', { method: 'HEAD', token });
    expect({ status, allow: headers.get('allow') }).toEqual({ status: 405, allow: 'GET, OPTIONS' });
    expect(await stack.db.users.countDocuments({ clerkId })).toBe(0);
  });

  it.each(['/v1/conversions', '/openapi.json', '/docs', '/healthz'])(
    'of %s, which only reads, is GET without the body',
    async (path) => {
      const token = await stack.api.tokens.machine('conversions:read');
      const [get, head] = await Promise.all(
        ['GET', 'HEAD'].map((method) => stack.api.call(path, { method, token })),
      );
      const about = ({ status, headers }: typeof get & object) => [
        status,
        headers.get('content-type'),
        headers.get('content-length'),
      ];
      expect(head && about(head)).toEqual(get && about(get));
      expect(head?.body).toBeUndefined();
    },
  );
});

describe('an internal port', () => {
  it.each(['/', '/Metrics', '/metrics/', '/HEALTHZ'])('has no path %s', async (path) => {
    const response = await fetch(internal.url + path);
    expect({ status: response.status, text: await response.text() }).toEqual({
      status: 404,
      text: 'There is no such path.\n',
    });
  });

  it('reveals neither its software nor, in an error, its code', async () => {
    const app = createInternalApp(logger, () => {
      throw new Error('a secret in /srv/app.js');
    });
    const broken = await serve(createServer(app));
    const response = await fetch(broken.url);
    await broken.stop();
    expect(response.headers.has('x-powered-by')).toBe(false);
    expect({ status: response.status, text: await response.text() }).toEqual({
      status: 500,
      text: 'This failed. The log says why.\n',
    });
  });
});
