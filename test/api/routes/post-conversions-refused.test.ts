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
const item = (sku: string, fields: object = {}) => ({
  sku,
  category: 'plans',
  quantity: 1,
  subtotalCents: 4900,
  ...fields,
});
/** They add up. */
const items = (count: number) =>
  Array.from({ length: count }, (_, index) => item(`sku-${index}`, { subtotalCents: index ? 0 : 4900 }));
const sales = () => stack.db.conversions.countDocuments({ campaignEventId: 'sale_subscription' });

describe('a sale is refused, with the name of the field, for', () => {
  it.each([
    ['a negative amount', { totalAmountCents: -1 }, 'totalAmountCents'],
    ['a fractional amount', { totalAmountCents: 49.5 }, 'totalAmountCents'],
    ['an amount in quotes', { totalAmountCents: '4900' }, 'totalAmountCents'],
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
    ['a user id of another form', { userId: 'not-an-object-id' }, 'userId'],
    ['a user id of 12 characters, of which MongoDB could make one', { userId: 'abcdefghijkl' }, 'userId'],
    ['a user id of 25 digits', { userId: '665f1c2e9b1d8a00123456789' }, 'userId'],
    ['a user id in upper case', { userId: '665F1C2E9B1D8A0012345678' }, 'userId'],
    ['a query operator for a user id', { userId: { $ne: null } }, 'userId'],
    ['a query operator for a Clerk id', { userId: undefined, clerkId: { $ne: null } }, 'clerkId'],
    ['an unknown key', { coupon: 'SAVE10' }, 'coupon'],
    ['a time in the future', { occurredAt: inMinutes(10) }, 'occurredAt'],
    ['a time without an offset', { occurredAt: '2025-11-23T10:00:00' }, 'occurredAt'],
    ['a date without a time', { occurredAt: '2025-11-23' }, 'occurredAt'],
    ['a day that does not exist', { occurredAt: '2025-02-30T10:00:00Z' }, 'occurredAt'],
    ['a time as a number', { occurredAt: 1_763_892_000_000 }, 'occurredAt'],
    ['an empty time', { occurredAt: '' }, 'occurredAt'],
    ['items that are more than the amount', { items: [item('a', { subtotalCents: 4901 })] }, 'items'],
    ['items that are less than the amount', { items: [item('a', { subtotalCents: 4899 })] }, 'items'],
    ['items that forget the discount', { items: [item('a')], discountCents: 100 }, 'items'],
    ['no items', { items: [] }, 'items'],
    ['101 items', { items: items(101) }, 'items'],
    ['200 items', { items: items(200) }, 'items'],
    [
      'two items with one sku',
      { items: ['a', 'a'].map((sku) => item(sku, { subtotalCents: 2450 })) },
      'items.1.sku',
    ],
    ['an item without a category', { items: [item('a', { category: undefined })] }, 'items.0.category'],
    ['a quantity of 0', { items: [item('a', { quantity: 0 })] }, 'items.0.quantity'],
    ['a fractional quantity', { items: [item('a', { quantity: 1.5 })] }, 'items.0.quantity'],
    ['a negative subtotal', { items: [item('a', { subtotalCents: -1 })] }, 'items.0.subtotalCents'],
    ['a negative discount', { discountCents: -1 }, 'discountCents'],
    ['a negative tax', { taxCents: -1 }, 'taxCents'],
    ['a negative shipping', { shippingCents: -1 }, 'shippingCents'],
    ['an amount above the bound of Impact in USD', { totalAmountCents: 10_000_000_000 }, 'totalAmountCents'],
    [
      'an amount above the bound of Impact in JPY',
      { currency: 'JPY', totalAmountCents: 100_000_000 },
      'totalAmountCents',
    ],
    [
      'an amount above the bound of Impact in KWD',
      { currency: 'KWD', totalAmountCents: 99_999_999_991 },
      'totalAmountCents',
    ],
    [
      'an amount above the bound with its discount',
      { totalAmountCents: 9_999_999_999, discountCents: 1 },
      'totalAmountCents',
    ],
    ['an e-mail address that is none', { customerEmail: 'kim at example.com' }, 'customerEmail'],
    [
      'an e-mail address of 255 characters',
      { customerEmail: `${'k'.repeat(243)}@example.com` },
      'customerEmail',
    ],
    ['an empty e-mail address', { customerEmail: '' }, 'customerEmail'],
    ['a hash of 39 digits', { customerEmail: 'a'.repeat(39) }, 'customerEmail'],
    ['a hash of 41 digits', { customerEmail: 'a'.repeat(41) }, 'customerEmail'],
    ['a hash of 63 digits', { customerEmail: 'a'.repeat(63) }, 'customerEmail'],
    ['a hash of 65 digits', { customerEmail: 'a'.repeat(65) }, 'customerEmail'],
    ['a hash with another letter', { customerEmail: 'g'.repeat(40) }, 'customerEmail'],
    ['a promo code of 256 characters', { promoCode: 'x'.repeat(256) }, 'promoCode'],
    ['an empty promo code', { promoCode: '' }, 'promoCode'],
    ['a note with a newline', { note: 'a\nb' }, 'note'],
    ['a note of 256 characters', { note: 'x'.repeat(256) }, 'note'],
    ['an unknown customer status', { customerStatus: 'returning' }, 'customerStatus'],
    ['a customer status in the case of Impact', { customerStatus: 'New' }, 'customerStatus'],
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
