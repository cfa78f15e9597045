import { describe, expect, it } from 'vitest';
import { conversionId, workflowId } from '../../../src/domain/conversion.js';
import { saleSubscription as sale } from '../../support/programme.js';

const payload = { orderId: 'A-1001', totalAmountCents: 4900, currency: 'USD' };
const items = [
  { sku: 'seat', category: 'team', quantity: 3, subtotalCents: 4500 },
  { sku: 'setup', category: 'service', name: 'Setup', quantity: 1, subtotalCents: 1000 },
];

const problemsOf = (more: object) => sale.problems({ ...payload, ...more });

describe('a sale', () => {
  it('is action tracker 99999 of campaign 48046 by default, within 30 days of the click', () => {
    expect(sale).toMatchObject({ campaignId: 48046, actionTrackerId: 99999, referralWindowDays: 30 });
  });

  it("has the shop's order id as its key, and at Impact, as it is", () => {
    expect(sale.key({ userId: 'u', payload })).toBe('A-1001');
    expect(sale.orderId({ userId: 'u', payload })).toBe('A-1001');
  });

  it('of which only the id is known has its order id, unless no order could have it', () => {
    expect(sale.fromKey('A-1001')).toEqual({ userId: '', payload: { orderId: 'A-1001' } });
    expect(sale.fromKey(' A-1001')).toBeUndefined();
    expect(sale.amount({ orderId: 'A-1001' })).toBeUndefined();
  });

  it('is known by its order id, in any of the forms of Unicode', () => {
    expect(sale.fromOrderId('A-1001')).toEqual({ userId: '', payload: { orderId: 'A-1001' } });
    expect(sale.fromOrderId('caf\u0065\u0301')).toEqual({ userId: '', payload: { orderId: 'caf\u00e9' } });
    expect(sale.fromOrderId(' A-1001')).toBeUndefined();
  });

  it('takes an order id whose workflow id Temporal would take, and refuses a longer one', () => {
    const bytesOf = (orderId: string) => {
      const id = conversionId(sale.id, sale.key({ userId: 'u', payload: { ...payload, orderId } }));
      return Buffer.byteLength(workflowId(id));
    };
    const accepts = (orderId: string) => sale.payload.safeParse({ ...payload, orderId }).success;
    const longest = `${'😀'.repeat(56)}ab`;
    expect([bytesOf(longest), accepts(longest)]).toEqual([255, true]);
    expect([bytesOf(`${longest}c`), accepts(`${longest}c`)]).toEqual([256, false]);
    expect(accepts('注'.repeat(64))).toBe(true);
    const { error } = sale.payload.safeParse({ ...payload, orderId: '😀'.repeat(61) });
    expect(error?.issues).toMatchObject([
      { path: ['orderId'], message: 'must be at most 226 bytes in UTF-8' },
    ]);
  });

  it('takes a currency in lower case', () => {
    expect(sale.payload.parse({ ...payload, currency: 'eur' })).toMatchObject({ currency: 'EUR' });
  });

  it.each([
    [9_999_999_999, 'USD'],
    [99_999_999, 'JPY'],
    [99_999_999_990, 'KWD'],
  ])('of %i %s is the largest that Impact takes', (totalAmountCents, currency) => {
    expect(problemsOf({ totalAmountCents, currency })).toEqual([]);
    expect(problemsOf({ totalAmountCents: totalAmountCents + 1, currency })).toMatchObject([
      { field: 'totalAmountCents', message: expect.stringContaining('99999999') },
    ]);
  });
});

describe('the report of a sale', () => {
  it('has the amount in major units, and its currency', () => {
    expect(sale.details(payload)).toEqual({ amount: '49.00', currencyCode: 'USD' });
  });

  it('has the amount before the discount, as Impact subtracts the discount itself', () => {
    expect(sale.details({ ...payload, discountCents: 600 })).toEqual({
      amount: '55.00',
      orderDiscount: '6.00',
      currencyCode: 'USD',
    });
  });

  it('has tax and shipping, which are no part of the amount, and all that names the customer and the offer', () => {
    const more = {
      taxCents: 931,
      shippingCents: 0,
      promoCode: 'SAVE10',
      customerStatus: 'existing',
      note: 'from the app',
      customerEmail: 'a'.repeat(40),
    };
    expect(sale.details({ ...payload, ...more })).toEqual({
      amount: '49.00',
      currencyCode: 'USD',
      orderTax: '9.31',
      orderShipping: '0.00',
      orderPromoCode: 'SAVE10',
      customerStatus: 'Existing',
      note: 'from the app',
      customerEmail: 'a'.repeat(40),
    });
  });

  it('has the items, counted from 1, in place of the amount', () => {
    expect(sale.details({ ...payload, items, discountCents: 600 })).toEqual({
      itemSku1: 'seat',
      itemCategory1: 'team',
      itemQuantity1: '3',
      itemSubTotal1: '45.00',
      itemSku2: 'setup',
      itemCategory2: 'service',
      itemName2: 'Setup',
      itemQuantity2: '1',
      itemSubTotal2: '10.00',
      currencyCode: 'USD',
      orderDiscount: '6.00',
    });
  });

  it('takes a lower amount off the items as a discount', () => {
    const { orderDiscount } = sale.details({ ...payload, items, totalAmountCents: 1000 });
    expect(orderDiscount).toBe('45.00');
  });

  it('has no items where the amount has become higher than they are', () => {
    expect(sale.details({ ...payload, items, totalAmountCents: 6000 })).toEqual({
      amount: '60.00',
      currencyCode: 'USD',
    });
  });

  it('leaves out an item that was returned', () => {
    const [seat, setup] = items;
    const left = [{ ...seat, quantity: 0, subtotalCents: 0 }, setup];
    const details = sale.details({ ...payload, items: left, totalAmountCents: 1000 });
    expect(details).toMatchObject({ itemSku1: 'setup' });
    expect(details).not.toHaveProperty('itemSku2');
  });
});

describe('items', () => {
  it('fit the amount: their subtotals, less the discount', () => {
    expect(problemsOf({ items, discountCents: 600 })).toEqual([]);
    expect(problemsOf({ items, totalAmountCents: 5500 })).toEqual([]);
  });

  it('that do not add up are refused with the arithmetic', () => {
    expect(problemsOf({ items, discountCents: 500 })).toEqual([
      {
        field: 'items',
        message: 'the subtotals (5500) less discountCents (500) must be totalAmountCents (4900)',
      },
    ]);
  });

  it('of one sku are refused, as Impact knows an item by it alone', () => {
    const [seat] = items;
    const twice = { items: [seat, seat], totalAmountCents: 9000 };
    expect(problemsOf(twice)).toEqual([{ field: 'items.1.sku', message: 'is the sku of an item before it' }]);
  });
});
