import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem, namedFields } from '../support.js';
import { newUser, sale } from './sale.js';

let stack: Stack;
let userId: string;

beforeAll(async () => {
  stack = await startStack({ worker: false });
  userId = (await stack.api.me(newUser(), 'abc')).body.userId;
});
afterAll(() => stack.stop());

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const sales = () => stack.db.conversions.countDocuments({ campaignEventId: 'sale_subscription' });

describe('a sale is refused, with the name of the field, for', () => {
  it.each([
    ['a negative amount', { totalAmountCents: -1 }, 'totalAmountCents'],
    ['a fractional amount', { totalAmountCents: 49.5 }, 'totalAmountCents'],
    ['an amount in quotes', { totalAmountCents: '4900' }, 'totalAmountCents'],
    ['an amount that Impact cannot hold', { totalAmountCents: 10_000_000_000 }, 'totalAmountCents'],
    ['no amount', { totalAmountCents: undefined }, 'totalAmountCents'],
    ['an amount of null', { totalAmountCents: null }, 'totalAmountCents'],
    ['an unknown currency', { currency: 'BTC' }, 'currency'],
    ['a currency in mixed case', { currency: 'Usd' }, 'currency'],
    ['an empty currency', { currency: '' }, 'currency'],
    ['no currency', { currency: undefined }, 'currency'],
    ['an empty order id', { orderId: '' }, 'orderId'],
    ['an order id of 65 characters', { orderId: 'x'.repeat(65) }, 'orderId'],
    [
      'an order id of 64 emoji, too long for a workflow id of Temporal',
      { orderId: '😀'.repeat(64) },
      'orderId',
    ],
    ['an order id with a newline', { orderId: 'a\nb' }, 'orderId'],
    ['an order id with a NUL', { orderId: 'a\u0000b' }, 'orderId'],
    ['an order id of spaces alone', { orderId: '   ' }, 'orderId'],
    ['an order id with a C1 control character', { orderId: 'a\u0085b' }, 'orderId'],
    ['an order id with half an emoji', { orderId: 'a\ud83d' }, 'orderId'],
    ['an order id with a zero-width space', { orderId: 'DUP-1\u200b' }, 'orderId'],
    ['an order id with a no-break space at its end', { orderId: 'DUP-1\u00a0' }, 'orderId'],
    ['an order id that is a number', { orderId: 1001 }, 'orderId'],
    ['no order id', { orderId: undefined }, 'orderId'],
    ['a user by both ids', { clerkId: 'user_1' }, 'userId'],
    ['no user', { userId: undefined }, 'userId'],
    ['an empty user id', { userId: '' }, 'userId'],
    ['a query operator for a user id', { userId: { $ne: null } }, 'userId'],
    ['a query operator for a Clerk id', { userId: undefined, clerkId: { $ne: null } }, 'clerkId'],
    ['an unknown key', { coupon: 'SAVE10' }, 'coupon'],
    ['a time in the future', { occurredAt: inMinutes(10) }, 'occurredAt'],
    ['a time without an offset', { occurredAt: '2025-11-23T10:00:00' }, 'occurredAt'],
    ['a date without a time', { occurredAt: '2025-11-23' }, 'occurredAt'],
    ['a day that does not exist', { occurredAt: '2025-02-30T10:00:00Z' }, 'occurredAt'],
    ['a time as a number', { occurredAt: 1_763_892_000_000 }, 'occurredAt'],
    ['an empty time', { occurredAt: '' }, 'occurredAt'],
  ])('%s', async (_what, fields, field) => {
    const before = await sales();
    const answer = await stack.api.publish(sale({ userId, ...fields }));
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual([field]);
    expect(await sales()).toBe(before);
  });

  it('several invalid fields, with each name', async () => {
    const answer = await stack.api.publish(
      sale({ userId, orderId: '', totalAmountCents: -1, currency: 'Usd' }),
    );
    expect(namedFields(answer)).toEqual(expect.arrayContaining(['orderId', 'totalAmountCents', 'currency']));
  });

  it('several unknown keys, with each name', async () => {
    const answer = await stack.api.publish(sale({ userId, coupon: 'x', email: 'a@example.com' }));
    expect(namedFields(answer)).toEqual(['coupon', 'email']);
  });
});

describe("a caller's clock that is four minutes ahead", () => {
  it('is tolerated', async () => {
    expect((await stack.api.publish(sale({ userId, occurredAt: inMinutes(4) }))).status).toBe(202);
  });
});

describe('an unknown campaign event', () => {
  it.each(['renewal', '', 'SIGNUP', 'constructor'])(
    '(%j) is refused with a code of its own',
    async (campaignEventId) => {
      const answer = await stack.api.publish(sale({ userId, campaignEventId }));
      expectProblem(answer, 400, 'unknown_campaign_event');
    },
  );

  it('is refused with the list of campaign events', async () => {
    const { body } = await stack.api.publish(sale({ userId, campaignEventId: 'renewal' }));
    expect(body.detail).toBe('There is no campaign event "renewal". Known: signup, sale_subscription.');
  });

  it.each([undefined, null, 5, ['signup']])(
    '(%j) is refused with the name of the field',
    async (campaignEventId) => {
      const answer = await stack.api.publish(sale({ userId, campaignEventId }));
      expectProblem(answer, 400, 'invalid_request');
      expect(namedFields(answer)).toEqual(['campaignEventId']);
    },
  );

  it('does not make a payload of another event valid', async () => {
    const answer = await stack.api.publish(sale({ userId, campaignEventId: 'signup' }));
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual(['orderId', 'totalAmountCents', 'currency']);
  });
});

describe('the user of a sale is not found', () => {
  it.each([
    ['by userId', { userId: '665f1c2e9b1d8a0012345678' }],
    ['by a userId of another form', { userId: 'not-an-object-id' }],
    ['by a userId of 12 characters, which MongoDB could take for an ObjectId', { userId: 'abcdefghijkl' }],
    ['by clerkId', { clerkId: 'user_nobody' }],
  ])('%s, and nothing is recorded', async (_what, user) => {
    const event = sale(user);
    expectProblem(await stack.api.publish(event), 404, 'user_not_found');
    expect(await stack.db.conversions.countDocuments({ 'payload.orderId': event.orderId })).toBe(0);
  });

  it('and the answer explains when a user exists', async () => {
    const { body } = await stack.api.publish(sale({ clerkId: 'user_nobody' }));
    expect(body.detail).toBe(
      'There is no user with clerkId "user_nobody". A user exists from its first authenticated request to this API.',
    );
  });
});
