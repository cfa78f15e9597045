import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorize } from '../../src/api/authorize.js';
import type { ApiDeps } from '../../src/api/route.js';
import { createRoutes } from '../../src/api/routes/index.js';
import { defaultProgramme } from '../../src/domain/programme/default-programme.js';
import { SCOPES } from '../../src/domain/scopes.js';
import { type Stack, startStack } from '../support/stack.js';
import { expectProblem } from './support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const SALE = {
  campaignEventId: 'sale_subscription',
  clerkId: 'user_1',
  orderId: 'A-1',
  totalAmountCents: 4900,
  currency: 'USD',
};
const USER_ROUTES = [
  ['GET', '/v1/me', undefined],
  ['PUT', '/v1/me/affiliate-attribution', { clickId: 'abc' }],
] as const;
const SCOPED_ROUTES = [
  ['POST', '/v1/conversions', SALE, 'conversions:publish'],
  ['POST', '/v1/conversions/dry-run', SALE, 'conversions:publish'],
  ['GET', '/v1/conversions', undefined, 'conversions:read'],
  ['GET', '/v1/conversions/signup:1', undefined, 'conversions:read'],
  ['POST', '/v1/conversions/signup:1/retry', undefined, 'conversions:operate'],
  ['POST', '/v1/conversions/signup:1/abandon', { reason: 'test' }, 'conversions:operate'],
  ['POST', '/v1/conversions/signup:1/reverse', { reason: 'ITEM_RETURNED' }, 'conversions:adjust'],
  ['PUT', '/v1/conversions/signup:1/amount', { totalAmountCents: 1 }, 'conversions:adjust'],
  ['PUT', '/v1/users/user_1', {}, 'users:write'],
  ['POST', '/v1/users/import', {}, 'users:write'],
] as const;

function call(method: string, path: string, token: string, body?: unknown) {
  return stack.api.call(path, {
    method,
    token,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

describe('a session token', () => {
  it.each(SCOPED_ROUTES)('does not open %s %s', async (method, path, body) => {
    const token = await stack.api.tokens.session(`user_${randomUUID()}`);
    expectProblem(await call(method, path, token, body), 403, 'machine_token_required');
  });

  it.each(SCOPED_ROUTES)(
    'does not open %s %s with a claim of the scope',
    async (method, path, body, scope) => {
      const token = await stack.api.tokens.session(`user_${randomUUID()}`, { scope });
      expectProblem(await call(method, path, token, body), 403, 'machine_token_required');
    },
  );

  it('creates no user by a request to a scoped route', async () => {
    const clerkId = `user_${randomUUID()}`;
    await call('POST', '/v1/conversions', await stack.api.tokens.session(clerkId), SALE);
    expect(await stack.db.users.countDocuments({ clerkId })).toBe(0);
  });
});

describe('an impersonated session', () => {
  const routes = createRoutes({ programme: defaultProgramme } as ApiDeps);
  const ofUsers = routes.filter(({ access }) => access === 'user');
  const session = { kind: 'session', clerkId: 'user_1', impersonated: true, issuedAt: undefined } as const;

  it('opens no route of users that writes, and of the others only those that say so', () => {
    const opened = ofUsers.filter((route) => {
      try {
        authorize(session, route);
        return true;
      } catch (error) {
        expect(error).toMatchObject({ code: 'impersonated_session' });
        return false;
      }
    });
    // It answers without creating anything: routes/impersonation.test.ts.
    expect(opened.map(({ operationId }) => operationId)).toEqual(['user.get']);
  });
});

describe('a machine token', () => {
  it.each(USER_ROUTES)('does not open %s %s', async (method, path, body) => {
    const token = await stack.api.tokens.machine('conversions:publish conversions:read');
    expectProblem(await call(method, path, token, body), 403, 'session_token_required');
    expect(await stack.db.users.countDocuments({ clerkId: 'mch_local' })).toBe(0);
  });

  it.each(SCOPED_ROUTES)('without the scope does not open %s %s', async (method, path, body, scope) => {
    const others = SCOPES.filter((other) => other !== scope);
    const token = await stack.api.tokens.machine(others.join(' '));
    expectProblem(await call(method, path, token, body), 403, 'insufficient_scope');
  });

  it.each(['', 'conversions', 'conversions:*', 'conversions:publisher', 'CONVERSIONS:PUBLISH'])(
    'with the scope %j does not publish',
    async (scope) => {
      const token = await stack.api.tokens.machine(scope);
      expectProblem(await call('POST', '/v1/conversions', token, SALE), 403, 'insufficient_scope');
    },
  );

  it('opens a route if its scope is among others', async () => {
    const token = await stack.api.tokens.machine('other conversions:read conversions:publish');
    expectProblem(await call('GET', '/v1/conversions/signup:1', token), 404, 'conversion_not_found');
  });
});

describe('the caller', () => {
  it('is checked before the body', async () => {
    const token = await stack.api.tokens.machine('conversions:read');
    expectProblem(
      await call('POST', '/v1/conversions', token, { nonsense: true }),
      403,
      'insufficient_scope',
    );
  });
});
