import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.js';
import { newUser, sale } from './sale.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const NOT_SKIPPED = expect.stringMatching(/^(pending|reporting)$/);
const workflow = (orderId: string) =>
  stack.temporal.workflow.getHandle(`conversion/sale_subscription/${orderId}`);

/** A user who clicked on these days of November 2025. */
async function userWithClicks(clicks: Record<string, string>): Promise<string> {
  const clerkId = newUser();
  await stack.api.me(clerkId);
  const history = Object.entries(clicks).map(([clickId, at]) => ({ clickId, capturedAt: new Date(at) }));
  await stack.db.users.updateOne(
    { clerkId },
    { $set: { attributionHistory: history, attribution: { impact: history.at(-1) } } },
  );
  return clerkId;
}

describe('POST /v1/conversions', () => {
  it('accepts the sale of a user named by clerkId', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId, 'abc');
    const event = sale({ clerkId });
    const { status, body } = await stack.api.publish(event);
    expect({ status, body }).toEqual({
      status: 202,
      body: { conversionId: `sale_subscription:${event.orderId}`, status: 'pending' },
    });
  });

  it('accepts the sale of a user named by userId', async () => {
    const { body: user } = await stack.api.me(newUser(), 'abc');
    const { body } = await stack.api.publish(sale({ userId: user.userId }));
    expect(await stack.conversion(body.conversionId)).toMatchObject({ userId: user.userId });
  });

  it('records the payload, the user, the time, and the click that brought the user', async () => {
    const { body: user } = await stack.api.me(newUser(), 'abc');
    const occurredAt = new Date().toISOString();
    const event = sale({ userId: user.userId, occurredAt, totalAmountCents: 1, currency: 'JPY' });
    const { body } = await stack.api.publish(event);
    expect(await stack.conversion(body.conversionId)).toMatchObject({
      campaignEventId: 'sale_subscription',
      userId: user.userId,
      occurredAt: new Date(occurredAt),
      payload: { orderId: event.orderId, totalAmountCents: 1, currency: 'JPY' },
      attribution: { clickId: 'abc' },
      status: NOT_SKIPPED,
    });
  });

  it('uses the time of the request if the event has no time', async () => {
    const { body: user } = await stack.api.me(newUser(), 'abc');
    const before = Date.now();
    const { body } = await stack.api.publish(sale({ userId: user.userId }));
    const occurredAt = (await stack.conversion(body.conversionId))?.occurredAt.getTime();
    expect(occurredAt).toBeGreaterThanOrEqual(before);
    expect(occurredAt).toBeLessThanOrEqual(Date.now());
  });

  it('reads the time of the event in any offset', async () => {
    const { body: user } = await stack.api.me(newUser(), 'abc');
    const event = sale({ userId: user.userId, occurredAt: '2025-01-02T01:30:00+02:00' });
    const { body } = await stack.api.publish(event);
    expect((await stack.conversion(body.conversionId))?.occurredAt).toEqual(new Date('2025-01-01T23:30:00Z'));
  });

  it('starts the workflow after the answer', async () => {
    const { body: user } = await stack.api.me(newUser(), 'abc');
    const event = sale({ userId: user.userId });
    await stack.api.publish(event);
    await stack.untilStarted(`sale_subscription:${event.orderId}`);
    expect(await workflow(event.orderId).describe()).toMatchObject({ type: 'ConversionWorkflow' });
  });

  it.each([
    ['colon and slash', (id: string) => `shop:${id}/2`],
    ['64 characters', (id: string) => id.padEnd(64, 'x')],
    ['letters outside ASCII', (id: string) => `Größe-${id}`],
    ['an emoji, which is one character', (id: string) => `${id}🛒`],
  ])('stores an order id with %s unchanged', async (_what, shape) => {
    const { body: user } = await stack.api.me(newUser(), 'abc');
    const orderId = shape(sale().orderId);
    const { status, body } = await stack.api.publish(sale({ userId: user.userId, orderId }));
    expect({ status, id: body.conversionId }).toEqual({ status: 202, id: `sale_subscription:${orderId}` });
  });

  it.each([
    ['an amount of zero', 0],
    ['the highest amount that Impact accepts', 9_999_999_999],
  ])('accepts a sale with %s', async (_what, totalAmountCents) => {
    const { body: user } = await stack.api.me(newUser(), 'abc');
    expect((await stack.api.publish(sale({ userId: user.userId, totalAmountCents }))).status).toBe(202);
  });

  it('answers an existing signup with its conversion', async () => {
    const { body: user } = await stack.api.me(newUser());
    const { status, body } = await stack.api.publish({ campaignEventId: 'signup', userId: user.userId });
    expect({ status, body }).toEqual({
      status: 202,
      body: { conversionId: `signup:${user.userId}`, status: 'skipped', reason: 'no_attribution' },
    });
  });
});

describe('a sale with nothing to report', () => {
  it('is recorded as skipped if the user has no attribution', async () => {
    const { body: user } = await stack.api.me(newUser());
    const event = sale({ userId: user.userId });
    const { status, body } = await stack.api.publish(event);
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { status: 'skipped', reason: 'no_attribution' },
    });
    expect(await stack.conversion(body.conversionId)).toMatchObject({
      status: 'skipped',
      reason: 'no_attribution',
      attribution: null,
      timeline: [{ status: 'skipped', reason: 'no_attribution' }],
    });
  });

  it('is recorded as skipped if the click was captured more than five minutes after the event', async () => {
    const clerkId = await userWithClicks({ later: '2025-11-10T00:00:00Z' });
    const { status, body } = await stack.api.publish(sale({ clerkId, occurredAt: '2025-11-09T23:54:59Z' }));
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { status: 'skipped', reason: 'click_after_event' },
    });
    expect(await stack.conversion(body.conversionId)).toMatchObject({
      status: 'skipped',
      reason: 'click_after_event',
      attribution: null,
    });
  });

  it('has no workflow', async () => {
    const { body: none } = await stack.api.me(newUser());
    const skipped = sale({ userId: none.userId });
    await stack.api.publish(skipped);
    // A sale published later already has its workflow, so the skipped one will not get one.
    const { body: user } = await stack.api.me(newUser(), 'abc');
    const reported = sale({ userId: user.userId });
    await stack.api.publish(reported);
    await stack.untilStarted(`sale_subscription:${reported.orderId}`);
    await expect(workflow(skipped.orderId).describe()).rejects.toThrow(WorkflowNotFoundError);
  });
});

describe('a sale that is reported late', () => {
  const CLICKS = {
    first: '2025-11-01T00:00:00Z',
    second: '2025-11-10T00:00:00Z',
    third: '2025-11-20T00:00:00Z',
  };

  it.each([
    ['2025-11-05T00:00:00Z', 'first'],
    ['2025-11-09T23:59:59.999Z', 'first'],
    ['2025-11-10T00:00:00Z', 'second'],
    ['2025-11-15T00:00:00Z', 'second'],
    ['2025-11-21T00:00:00Z', 'third'],
  ])(
    'and happened at %s, is credited to the %s click, the last one before it',
    async (occurredAt, clickId) => {
      const clerkId = await userWithClicks(CLICKS);
      const { body } = await stack.api.publish(sale({ clerkId, occurredAt }));
      expect((await stack.conversion(body.conversionId))?.attribution?.clickId).toBe(clickId);
    },
  );

  it('keeps its click when the user follows another link afterwards', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId, 'before');
    const { body } = await stack.api.publish(sale({ clerkId }));
    await stack.api.setAttribution(clerkId, { clickId: 'after' });
    expect((await stack.conversion(body.conversionId))?.attribution?.clickId).toBe('before');
  });
});
