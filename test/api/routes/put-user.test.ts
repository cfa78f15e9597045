import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCOPES } from '../../../src/domain/scopes.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem, namedFields } from '../support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const newUser = () => `user_${randomUUID()}`;
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const NOT_SKIPPED = expect.stringMatching(/^(pending|reporting)$/);
const count = (clerkId: string) => stack.db.users.countDocuments({ clerkId });

describe('PUT /v1/users/{clerkId}', () => {
  it('creates the user and the signup with the click', async () => {
    const clerkId = newUser();
    const signedUpAt = minutesAgo(1);
    const { status, body } = await stack.api.putUser(clerkId, { clickId: 'abc', signedUpAt });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        userId: expect.stringMatching(/^[0-9a-f]{24}$/),
        clerkId,
        attribution: { impact: { clickId: 'abc', capturedAt: signedUpAt } },
        createdAt: signedUpAt,
        created: true,
        signup: { conversionId: `signup:${body.userId}`, status: NOT_SKIPPED },
      },
    });
    expect(await stack.conversion(body.signup.conversionId)).toMatchObject({
      occurredAt: new Date(signedUpAt),
      attribution: { clickId: 'abc' },
      payload: {},
    });
  });

  it('answers the same again, and has then created nothing', async () => {
    const clerkId = newUser();
    const first = await stack.api.putUser(clerkId, { clickId: 'abc', signedUpAt: minutesAgo(1) });
    const again = await stack.api.putUser(clerkId, { clickId: 'abc', signedUpAt: minutesAgo(1) });
    const { signup, ...user } = first.body;
    expect(again.body).toEqual({ ...user, created: false, signup: { ...signup, status: NOT_SKIPPED } });
  });

  it('gives the user the id that the first request of a session finds', async () => {
    const clerkId = newUser();
    const { body } = await stack.api.putUser(clerkId, {});
    const { userId, createdAt } = (await stack.api.me(clerkId)).body;
    expect({ userId, createdAt }).toEqual({ userId: body.userId, createdAt: body.createdAt });
  });

  it('says why the signup of a user without a click is skipped', async () => {
    const { body } = await stack.api.putUser(newUser(), {});
    expect(body.signup).toMatchObject({ status: 'skipped', reason: 'no_attribution' });
    expect(body.attribution).toEqual({});
  });

  it('starts the workflow of the signup after the answer', async () => {
    const { body } = await stack.api.putUser(newUser(), { clickId: 'abc' });
    await stack.untilStarted(body.signup.conversionId);
  });

  it('makes no signup of a user who was there before', async () => {
    const clerkId = newUser();
    const { body } = await stack.api.putUser(clerkId, { existing: true, clickId: 'abc' });
    expect(body).toMatchObject({ created: true, attribution: { impact: { clickId: 'abc' } } });
    expect(body).not.toHaveProperty('signup');
    expect(await stack.conversion(`signup:${body.userId}`)).toBeNull();
  });

  it('keeps of an e-mail address the hash alone', async () => {
    const { body } = await stack.api.putUser(newUser(), { customerEmail: ' Kim@example.com' });
    const customerEmail = createHash('sha1').update('kim@example.com').digest('hex');
    expect(await stack.conversion(body.signup.conversionId)).toMatchObject({ payload: { customerEmail } });
  });

  it('reads an id with any character that a path can hold', async () => {
    const clerkId = `${newUser()}/a b?ü`;
    await stack.api.putUser(clerkId, {});
    expect(await count(clerkId)).toBe(1);
  });

  it.each(SCOPES.filter((scope) => scope !== 'users:write'))('is not open to %s', async (scope) => {
    const clerkId = newUser();
    const init = { method: 'PUT', body: '{}', token: await stack.api.tokens.machine(scope) };
    expectProblem(await stack.api.call(`/v1/users/${clerkId}`, init), 403, 'insufficient_scope');
    expect(await count(clerkId)).toBe(0);
  });
});

describe('an invalid request', () => {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();

  it.each([
    ['a malformed click id', { clickId: 'a,b' }, 'clickId'],
    ['a time of a click, without the click', { clickedAt: minutesAgo(1) }, 'clickedAt'],
    ['a click of tomorrow', { clickId: 'abc', clickedAt: tomorrow }, 'clickedAt'],
    ['a signup of tomorrow', { signedUpAt: tomorrow }, 'signedUpAt'],
    ['a time without an offset', { signedUpAt: '2026-11-01T12:00:00' }, 'signedUpAt'],
    ['no e-mail address', { customerEmail: 'kim' }, 'customerEmail'],
    ['a word for a boolean', { existing: 'yes' }, 'existing'],
    ['an unknown field', { clerkId: 'user_other' }, 'clerkId'],
    ['no object', [], ''],
  ])('(%s) is refused with the name of the field, and nothing is stored', async (_what, body, field) => {
    const clerkId = newUser();
    const answer = await stack.api.putUser(clerkId, body);
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual([field]);
    expect(await count(clerkId)).toBe(0);
  });

  it('(an id that is longer than any) is refused with the name of the parameter', async () => {
    const answer = await stack.api.putUser('x'.repeat(256), {});
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual(['clerkId']);
  });
});

describe('of many requests of one new user at once', () => {
  it('the ones of a backend and the ones of a session make one user and one signup, with the click', async () => {
    const clerkId = newUser();
    const signedUpAt = new Date().toISOString();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 ? stack.api.me(clerkId) : stack.api.putUser(clerkId, { clickId: 'abc', signedUpAt }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const [{ userId }] = answers.map(({ body }) => body);
    expect(await stack.db.users.find({ clerkId }).lean()).toMatchObject([
      { attributionHistory: [{ clickId: 'abc' }] },
    ]);
    expect(await stack.db.conversions.find({ userId }).lean()).toMatchObject([
      { _id: `signup:${userId}`, attribution: { clickId: 'abc' }, status: NOT_SKIPPED },
    ]);
  });

  it('one says that it has created the user', async () => {
    const clerkId = newUser();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => stack.api.putUser(clerkId, { clickId: 'abc' })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(answers.filter(({ body }) => body.created)).toHaveLength(1);
  });

  it('an import and a first visit leave one user, with a signup where the visit came first', async () => {
    for (const clerkId of Array.from({ length: 10 }, newUser)) {
      const [imported] = await Promise.all([
        stack.api.putUser(clerkId, { existing: true }),
        stack.api.me(clerkId),
      ]);
      const { userId, created } = imported.body;
      expect(await count(clerkId)).toBe(1);
      expect(await stack.db.conversions.countDocuments({ userId })).toBe(created ? 0 : 1);
    }
  });
});
