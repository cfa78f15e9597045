import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem } from '../support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const newUser = () => `user_${randomUUID()}`;
/** As Clerk signs it while an agent of the support acts as the user. */
const impersonated = (clerkId: string, act: unknown = { sub: 'user_agent' }) =>
  stack.api.tokens.session(clerkId, { act });
const CLICK = { 'X-Affiliate-Click-Id': 'click-of-the-agent' };

async function read(clerkId: string, headers: Record<string, string> = {}) {
  return stack.api.call('/v1/me', { token: await impersonated(clerkId), headers });
}

async function put(clerkId: string) {
  const init = { method: 'PUT', body: JSON.stringify({ clickId: 'click-of-the-agent' }) };
  return stack.api.call('/v1/me/affiliate-attribution', { ...init, token: await impersonated(clerkId) });
}

const stored = (clerkId: string) => stack.db.users.findOne({ clerkId }).lean();

describe('an impersonated session', () => {
  it.each([{}, CLICK])('creates neither a user nor a signup, with the headers %j', async (headers) => {
    const clerkId = newUser();
    const conversions = await stack.db.conversions.estimatedDocumentCount();
    expectProblem(await read(clerkId, headers), 403, 'impersonated_session');
    expect(await stored(clerkId)).toBeNull();
    expect(await stack.db.conversions.estimatedDocumentCount()).toBe(conversions);
  });

  it('reads a user who exists, and says that it is impersonated', async () => {
    const clerkId = newUser();
    const { body: user } = await stack.api.me(clerkId, 'abc');
    const { status, body } = await read(clerkId);
    expect({ status, body }).toEqual({ status: 200, body: { ...user, impersonated: true } });
  });

  it("does not give a new user the agent's click", async () => {
    const clerkId = newUser();
    const { body: user } = await stack.api.me(clerkId);
    const before = await stored(clerkId);
    expect((await read(clerkId, CLICK)).body).toEqual({ ...user, impersonated: true });
    expect(await stored(clerkId)).toEqual(before);
    expect(await stack.conversion(`signup:${user.userId}`)).toMatchObject({ status: 'skipped' });
  });

  it('is counted where its click is ignored', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId);
    await read(clerkId, CLICK);
    expect(await stack.metrics.registry.metrics()).toMatch(
      /affiliate_click_ids_ignored_total\{reason="impersonated"\} [1-9]/,
    );
  });

  it.each(['known', 'unknown'])('cannot attribute a click to a user who is %s', async (user) => {
    const clerkId = newUser();
    if (user === 'known') await stack.api.me(clerkId, 'abc');
    const before = await stored(clerkId);
    expectProblem(await put(clerkId), 403, 'impersonated_session');
    expect(await stored(clerkId)).toEqual(before);
  });

  it.each([{}, 'user_agent', [], false])('is one for any actor, such as %j', async (act) => {
    const token = await impersonated(newUser(), act);
    expectProblem(await stack.api.call('/v1/me', { token }), 403, 'impersonated_session');
  });

  it('leaves the signup to the first session of the user', async () => {
    const clerkId = newUser();
    await read(clerkId, CLICK);
    const { body: user } = await stack.api.me(clerkId, 'abc');
    expect(user.attribution.impact.clickId).toBe('abc');
  });
});

describe('a session without an actor', () => {
  it.each([undefined, null])('is not impersonated if `act` is %j', async (act) => {
    const clerkId = newUser();
    const token = await stack.api.tokens.session(clerkId, { act });
    const { body } = await stack.api.call('/v1/me', { token, headers: CLICK });
    expect(body).not.toHaveProperty('impersonated');
    expect(body.attribution.impact.clickId).toBe('click-of-the-agent');
  });
});
