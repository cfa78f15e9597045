import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiDeps, Route } from '../../../src/api/route.js';
import { createRoutes } from '../../../src/api/routes/index.js';
import { defaultProgramme } from '../../../src/domain/programme/default-programme.js';
import { createBrowser } from '../../support/browser.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem } from '../support.js';

let stack: Stack;
let cookie: string;
beforeAll(async () => {
  stack = await startStack({ worker: false, console: {}, rateLimits: { user: 200 } });
  const browser = createBrowser();
  await browser.signIn(stack.apiUrl, 'manager');
  cookie = `affiliate-console=${browser.cookie('affiliate-console')}`;
});
afterAll(() => stack.stop());

const ROUTES = createRoutes({ programme: defaultProgramme } as ApiDeps).map(
  (route): [method: string, path: string, route: Route] => [route.method.toUpperCase(), route.path, route],
);
const OPEN = ROUTES.filter(([, , { access, method }]) => access === 'conversions:read' && method === 'get');
const CLOSED = ROUTES.filter((route) => !OPEN.includes(route));
const withIds = (path: string) => path.replace(/\{\w+\}/g, 'unknown');

function callAsManager(method: string, path: string) {
  return stack.api.call(withIds(path), { method, headers: { cookie } });
}

describe("a manager's session", () => {
  it.each(OPEN)('opens %s %s', async (method, path) => {
    const { status } = await callAsManager(method, path);
    // It may be asked for what is not there, or without a parameter that it needs.
    expect([200, 400, 404]).toContain(status);
  });

  it.each(OPEN)('opens HEAD in place of %s %s', async (_method, path) => {
    expect([200, 400, 404]).toContain((await callAsManager('HEAD', path)).status);
  });

  it.each(CLOSED)('does not open %s %s', async (method, path, { access }) => {
    const code = access === 'user' ? 'session_token_required' : 'session_only_reads';
    expectProblem(await callAsManager(method, path), 403, code);
  });

  it('reads what a backend reads', async () => {
    await stack.api.me(`user_${randomUUID()}`, '3t6RuJ:x0');
    const { body } = await callAsManager('GET', '/v1/conversions');
    expect(body).toEqual((await stack.api.conversions()).body);
  });

  it('is limited like a user', async () => {
    expect((await callAsManager('GET', '/v1/conversions')).headers.get('ratelimit-policy')).toMatch(
      /^"user"/,
    );
  });

  it.each(['affiliate-console=x', 'a=b; affiliate-console=a.b.c.d.e'])(
    'that is broken (%s) asks to sign in again',
    async (broken) => {
      for (const path of ['/v1/conversions', '/console/session']) {
        const answer = await stack.api.call(path, { headers: { cookie: broken } });
        expectProblem(answer, 401, 'session_expired');
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      }
    },
  );

  it('is not there without its cookie', async () => {
    expectProblem(await stack.api.call('/console/session'), 401, 'session_expired');
    expectProblem(await stack.api.call('/v1/conversions'), 401, 'token_missing');
  });
});

describe('a token', () => {
  it('of a backend counts more than the cookie', async () => {
    const token = await stack.api.tokens.machine('conversions:publish');
    const answer = await stack.api.call('/v1/conversions', { token, headers: { cookie } });
    expectProblem(answer, 403, 'insufficient_scope');
  });

  it('of a user counts more than the cookie, and does not read conversions', async () => {
    const token = await stack.api.tokens.session(`user_${randomUUID()}`);
    const answer = await stack.api.call('/v1/conversions', { token, headers: { cookie } });
    expectProblem(answer, 403, 'machine_token_required');
  });

  it('that is invalid is not saved by the cookie', async () => {
    const answer = await stack.api.call('/v1/conversions', { token: 'garbage', headers: { cookie } });
    expectProblem(answer, 401, 'token_malformed');
  });
});
