import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const newUser = () => `user_${randomUUID()}`;
const NOT_SKIPPED = expect.stringMatching(/^(pending|reporting)$/);

describe('GET /v1/me', () => {
  it('creates the user on the first request', async () => {
    const clerkId = newUser();
    const { status, body } = await stack.api.me(clerkId);
    const user = await stack.db.users.findOne({ clerkId }).lean();
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        userId: String(user?._id),
        clerkId,
        attribution: {},
        createdAt: user?.createdAt.toISOString(),
      },
    });
  });

  it('answers the same user on later requests', async () => {
    const clerkId = newUser();
    const { body: first } = await stack.api.me(clerkId);
    expect((await stack.api.me(clerkId)).body).toEqual(first);
    expect(await stack.db.users.countDocuments({ clerkId })).toBe(1);
  });

  it('answers the click of a new user, captured at the signup', async () => {
    const { body } = await stack.api.me(newUser(), 'abc');
    expect(body.attribution).toEqual({ impact: { clickId: 'abc', capturedAt: body.createdAt } });
  });

  it('records the signup of a new user with the click', async () => {
    const { body: user } = await stack.api.me(newUser(), 'abc');
    expect(await stack.conversion(`signup:${user.userId}`)).toMatchObject({
      campaignEventId: 'signup',
      userId: user.userId,
      occurredAt: new Date(user.createdAt),
      payload: {},
      attribution: { clickId: 'abc' },
      status: NOT_SKIPPED,
    });
  });

  it('records the signup of a new user without a click as skipped', async () => {
    const { body: user } = await stack.api.me(newUser());
    expect(await stack.conversion(`signup:${user.userId}`)).toMatchObject({
      status: 'skipped',
      reason: 'no_attribution',
      attribution: null,
    });
  });

  it('starts the workflow of the signup after the answer', async () => {
    const { body: user } = await stack.api.me(newUser(), 'abc');
    await stack.untilStarted(`signup:${user.userId}`);
    const handle = stack.temporal.workflow.getHandle(`conversion/signup/${user.userId}`);
    expect(await handle.describe()).toMatchObject({ type: 'ConversionWorkflow', taskQueue: 'conversions' });
  });

  it('lets two users have the same click', async () => {
    const answers = await Promise.all([stack.api.me(newUser(), 'same'), stack.api.me(newUser(), 'same')]);
    for (const { body } of answers) expect(body.attribution.impact.clickId).toBe('same');
  });
});

describe('concurrent first requests of a browser, of which only one carries the click,', () => {
  it('create one user and one signup with that click', async () => {
    const clerkId = newUser();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => stack.api.me(clerkId, i === 13 ? 'abc' : undefined)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const userIds = new Set(answers.map(({ body }) => body.userId));
    expect(userIds.size).toBe(1);
    const [userId] = userIds;
    expect(await stack.db.users.find({ clerkId }).lean()).toMatchObject([
      { attribution: { impact: { clickId: 'abc' } }, attributionHistory: [{ clickId: 'abc' }] },
    ]);
    expect(await stack.db.conversions.find({ userId }).lean()).toMatchObject([
      { _id: `signup:${userId}`, attribution: { clickId: 'abc' }, status: NOT_SKIPPED },
    ]);
  });

  it('store the same one of several clicks with the user and the signup', async () => {
    const clerkId = newUser();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => stack.api.me(clerkId, `click-${i}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const user = await stack.db.users.findOne({ clerkId }).lean();
    const conversion = await stack.conversion(`signup:${user?._id}`);
    expect(user?.attributionHistory).toHaveLength(1);
    expect(conversion?.attribution?.clickId).toBe(user?.attribution?.impact?.clickId);
  });
});

describe('a click id that arrives within the grace after the signup', () => {
  it('in the header, attributes the signup', async () => {
    const clerkId = newUser();
    const { body: user } = await stack.api.me(clerkId);
    const { body } = await stack.api.me(clerkId, 'late');
    expect(body.attribution.impact.clickId).toBe('late');
    expect(await stack.conversion(`signup:${user.userId}`)).toMatchObject({
      status: NOT_SKIPPED,
      attribution: { clickId: 'late' },
    });
  });

  it('by PUT, attributes the signup if the visitor landed before it', async () => {
    const clerkId = newUser();
    const { body: user } = await stack.api.me(clerkId);
    await stack.api.setAttribution(clerkId, { clickId: 'late', clickedAt: user.createdAt });
    expect(await stack.conversion(`signup:${user.userId}`)).toMatchObject({
      status: NOT_SKIPPED,
      attribution: { clickId: 'late' },
    });
  });

  it('starts the workflows of the signup and of a sale that were skipped without it', async () => {
    const clerkId = newUser();
    const { body: user } = await stack.api.me(clerkId);
    const sale = { campaignEventId: 'sale_subscription', clerkId, totalAmountCents: 4900, currency: 'USD' };
    const { body: published } = await stack.api.publish({ ...sale, orderId: clerkId });
    expect(published).toMatchObject({ status: 'skipped', reason: 'no_attribution' });
    await stack.api.me(clerkId, 'late');
    await stack.untilStarted(`signup:${user.userId}`);
    const reported = await stack.untilStarted(published.conversionId);
    expect(reported).toMatchObject({ attribution: { clickId: 'late' } });
    expect(reported).not.toHaveProperty('reason');
  });

  it('in the header, is ignored if the signup already has a click', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId, 'first');
    expect((await stack.api.me(clerkId, 'second')).body.attribution.impact.clickId).toBe('first');
  });
});
