import { describe, expect, it } from 'vitest';
import type { Amount } from '../../../src/sources/stripe/deps.js';
import { isoMinorUnits } from '../../../src/sources/stripe/minor-units.js';
import { readInvoice } from '../../../src/sources/stripe/read-invoice.js';
import { newOrder, paidInvoice, paidInvoiceOf2024 } from './events.js';

const read = (fields: object = {}, which: Amount = 'without_tax') =>
  readInvoice(paidInvoice(newOrder(), fields).data.object, which);
const lines = (...data: object[]) => ({ data, has_more: false });
const line = (fields: object = {}) => ({
  amount: 4_900,
  quantity: 1,
  metadata: {},
  pricing: { price_details: { price: 'price_1', product: 'prod_1' } },
  ...fields,
});

const SALE = {
  totalAmountCents: 4_410,
  currency: 'USD',
  items: [{ sku: 'price_team_monthly', category: 'prod_team', quantity: 1, subtotalCents: 4_900 }],
  discountCents: 490,
  taxCents: 838,
};

describe('the sale of an invoice', () => {
  it('is its amount after discounts, without tax, with its lines as items', () => {
    const order = newOrder();
    const { payload } = readInvoice(paidInvoice(order).data.object, 'without_tax');
    expect(payload).toEqual({ orderId: order.invoice, ...SALE });
  });

  it('is the same in the shape of 2024, which also names the payment', () => {
    const order = newOrder();
    const invoice = readInvoice(paidInvoiceOf2024(order).data.object, 'without_tax');
    expect(invoice).toMatchObject({ payload: SALE, payments: [order.payment], customer: order.customer });
  });

  it('is without tax where the invoice has only the tax, as in old versions', () => {
    const { payload } = readInvoice(
      paidInvoiceOf2024(newOrder(), { total_excluding_tax: undefined }).data.object,
      'without_tax',
    );
    expect(payload.totalAmountCents).toBe(4_410);
  });

  it('is with tax where the operator wants that', () => {
    const { payload } = read({}, 'with_tax');
    expect(payload).toMatchObject({ totalAmountCents: 5_248, taxCents: 838 });
    expect(payload).not.toHaveProperty('items');
  });

  it('is without shipping', () => {
    const shipping_cost = { amount_subtotal: 500, amount_tax: 0, amount_total: 500 };
    const { payload } = read({ total: 5_748, total_excluding_tax: 4_910, shipping_cost });
    expect(payload).toMatchObject({ totalAmountCents: 4_410, shippingCents: 500, taxCents: 838 });
  });

  it('happened when it was paid', () => {
    const paid_at = Math.floor(Date.now() / 1_000) - 7;
    expect(read({ status_transitions: { paid_at } }).occurredAt).toEqual(new Date(paid_at * 1_000));
  });

  it("happened at the latest now, whatever a test clock of Stripe's says", () => {
    const { occurredAt } = read({ status_transitions: { paid_at: 4_000_000_000 } });
    expect(occurredAt.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['its own metadata', { metadata: { userId: 'user_1' } }],
    [
      "its subscription's",
      { parent: { subscription_details: { metadata: { clerkId: 'user_1' }, subscription: 'sub_1' } } },
    ],
    [
      "its subscription's, in old versions",
      { parent: null, subscription_details: { metadata: { userId: 'user_1' } } },
    ],
    ["a line's", { lines: lines(line(), line({ metadata: { clerkId: 'user_1' } })) }],
    [
      "its customer's, where Stripe has expanded it",
      { customer: { id: 'cus_1', metadata: { userId: 'user_1' } } },
    ],
  ])('names its user in %s', (_where, fields) => {
    expect(read(fields).user).toEqual({ clerkId: 'user_1' });
  });

  it('names its user by the id in the ledger, which has 24 hexadecimal digits', () => {
    const userId = '65f000000000000000000001';
    expect(read({ metadata: { userId } }).user).toEqual({ userId });
  });

  it('is in no shape of Stripe without a total', () => {
    expect(() => read({ total: null })).toThrow('total');
  });
});

describe('the items of an invoice', () => {
  it('have both lines of a proration together', () => {
    const { payload } = read({
      total: 3_000,
      total_excluding_tax: 3_000,
      lines: lines(line({ amount: -1_900 }), line({ amount: 4_900 })),
    });
    expect(payload.items).toEqual([
      { sku: 'price_1', category: 'prod_1', quantity: 1, subtotalCents: 3_000 },
    ]);
  });

  it('are without the tax that their price includes', () => {
    const included = { amount: 12_000, taxes: [{ amount: 2_000, tax_behavior: 'inclusive' }] };
    const { payload } = read({ total: 12_000, total_excluding_tax: 10_000, lines: lines(line(included)) });
    expect(payload.items).toMatchObject([{ subtotalCents: 10_000 }]);
    expect(payload).not.toHaveProperty('discountCents');
  });

  it.each([
    ['the event has not all lines', { lines: { ...lines(line()), has_more: true } }],
    ['a line has no price', { lines: lines(line({ pricing: null })) }],
    ['a credit is larger than its price', { lines: lines(line({ amount: -100 })) }],
    ['they are less than the total', { lines: lines(line({ amount: 100 })) }],
  ])('are left out where %s', (_why, fields) => {
    const { payload } = read(fields);
    expect(payload).toMatchObject({ totalAmountCents: 4_410 });
    expect(payload).not.toHaveProperty('items');
  });
});

// https://docs.stripe.com/currencies
it.each([
  [4_900, 'usd', 4_900],
  [500, 'jpy', 500],
  [500, 'isk', 5],
  [500, 'UGX', 5],
  [5, 'mga', 500],
  [5_000, 'kwd', 5_000],
  [500, 'huf', 500],
])('counts %i %s of Stripe as %i in the minor unit of ISO 4217', (amount, currency, expected) => {
  expect(isoMinorUnits(amount, currency)).toBe(expected);
});
