import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RELEASE } from '../../src/temporal/release-skipped.js';
import type { ApiAnswer } from '../support/api-caller.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    confirmAfterMs: 100,
    release: { ...RELEASE, intervalMs: 100 },
    relay: { intervalMs: 100, minimumAgeMs: 0 },
  });
});
afterAll(() => stack.stop());

const CLICK = '3t6RuJ:x0-xyNWQ';
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

const EVENTS = ['signup', 'click', 'sale', 'firstAmount', 'lastAmount'] as const;

type EventName = (typeof EVENTS)[number] | 'refund';

type Story = ReturnType<typeof tell>;

/** One user and one order, whose events arrive in this order. */
function tell(order: readonly EventName[], index: number) {
  const clerkId = `user_${index}_${order.length}`;
  const orderId = `order-${index}-${order.length}`;
  const id = `sale_subscription:${orderId}`;
  const soldAt = minutesAgo(3);
  const sale = { campaignEventId: 'sale_subscription', clerkId, orderId, occurredAt: soldAt };
  const events: Record<EventName, () => Promise<ApiAnswer>> = {
    signup: () => stack.api.me(clerkId),
    click: () => stack.api.setAttribution(clerkId, { clickId: CLICK }),
    sale: () => stack.api.publish({ ...sale, totalAmountCents: 4_900, currency: 'USD' }),
    firstAmount: () => stack.api.setAmount(id, 3_900, { effectiveAt: minutesAgo(2) }),
    lastAmount: () => stack.api.setAmount(id, 2_900, { effectiveAt: minutesAgo(1) }),
    refund: () => stack.api.reverse(id),
  };
  return {
    /** @returns each event that the API refused */
    async happen(): Promise<string[]> {
      const refused: string[] = [];
      for (const name of order) {
        const { status, body } = await events[name]();
        if (status >= 300) refused.push(`${name}: ${body.code}`);
      }
      return refused;
    },
    /** What the ledger and Impact have of it. */
    async state() {
      const user = await stack.db.users.findOne({ clerkId }).lean();
      const conversions = await Promise.all([id, `signup:${user?._id}`].map(stack.conversion));
      const live = (await stack.sandbox.actions(orderId)).filter(({ State }) => State !== 'REVERSED');
      return {
        order: order.join(' '),
        statuses: conversions.map((conversion) => conversion?.status),
        clicks: conversions.map((conversion) => conversion?.attribution?.clickId),
        paidOn: live.map(({ Amount }) => Amount),
      };
    },
  };
}

function stories(events: readonly EventName[], count: number): Story[] {
  const orders = fc.shuffledSubarray([...events], { minLength: events.length });
  return fc.sample(orders, count).map(tell);
}

/** Each story to this end, all of them at once. @returns the events that the API refused */
async function endAs(told: Story[], end: object): Promise<string[]> {
  const refused = await Promise.all(told.map((story) => story.happen()));
  const states = () => Promise.all(told.map((story) => story.state()));
  const ends = told.map(() => expect.objectContaining(end));
  await expect.poll(states, { timeout: 60_000, interval: 500 }).toEqual(ends);
  return refused.flat();
}

describe('signup, click, sale, amounts and refund in any order', () => {
  it('end as one sale with the last amount, credited to the click', async () => {
    const end = { statuses: ['confirmed', 'confirmed'], clicks: [CLICK, CLICK], paidOn: [29] };
    expect(await endAs(stories(EVENTS, 12), end)).toEqual([]);
  }, 90_000);

  it('end as a sale that was taken back, where there is a refund, and Impact pays nothing', async () => {
    const end = { statuses: ['reversed', 'confirmed'], paidOn: [] };
    const refused = await endAs(stories([...EVENTS, 'refund'], 12), end);
    // An amount after the refund has no effect, and its caller learns that.
    const late = ['firstAmount: conversion_reversed', 'lastAmount: conversion_reversed'];
    expect(refused.filter((answer) => !late.includes(answer))).toEqual([]);
  }, 90_000);
});

it('a signup that is published before the user has sent a request is reported once, with its e-mail address', async () => {
  const hash = 'a'.repeat(40);
  const signup = { campaignEventId: 'signup', clerkId: 'user_signup', customerEmail: hash };
  const { body } = await stack.api.publish(signup);
  const { body: user } = await stack.api.me('user_signup', 'click-of-signup');
  expect(body.conversionId).toBe(`signup:${user.userId}`);
  await stack.untilStatus(body.conversionId, 'submitted');
  const received = await stack.sandbox.conversions(`signup-${user.userId}`);
  expect(received.map(({ fields }) => fields)).toMatchObject([
    { ClickId: 'click-of-signup', CustomerStatus: 'New', CustomerEmail: hash },
  ]);
});
