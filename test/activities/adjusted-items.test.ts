import { describe, expect, it } from 'vitest';
import { adjustedItems } from '../../activities/to-report.js';
import type { Adjustment } from '../../src/domain/adjustment.js';
import { pendingConversion } from '../support/pending-conversion.js';

const item = (sku: string, quantity: number, subtotalCents: number) => ({
  sku,
  category: 'x',
  quantity,
  subtotalCents,
});
const left = (sku: string, quantity: number, subtotalCents = 0) => ({ sku, quantity, subtotalCents });

function amount(totalAmountCents: number, fields: Partial<Adjustment>): Adjustment {
  const asked = { reason: 'ORDER_UPDATE', requestedAt: new Date(), requestedBy: 'mch_shop' };
  return {
    id: `amount-${totalAmountCents}`,
    kind: 'amount',
    totalAmountCents,
    status: 'pending',
    ...asked,
    ...fields,
  };
}

/** What is sent about the last of the amounts, such as `1 A 15.00`. */
function sentFor(amounts: Adjustment[], currency = 'USD') {
  const payload = {
    orderId: 'A-1',
    totalAmountCents: 6_000,
    currency,
    items: [item('A', 2, 3_000), item('B', 1, 2_000), item('C', 1, 1_000)],
  };
  const conversion = pendingConversion({ payload, adjustments: amounts });
  const adjustment = amounts.at(-1) ?? expect.fail('no amount');
  return adjustedItems(conversion, adjustment)?.map((each) => `${each.quantity} ${each.sku} ${each.amount}`);
}

describe('what is sent about the items of a new amount', () => {
  it('is what is left of all of them', () => {
    const items = [left('A', 1, 1_500)];
    expect(sentFor([amount(4_500, { items })])).toEqual(['1 A 15.00', '1 B 20.00', '1 C 10.00']);
  });

  it('is in the units of the currency', () => {
    const items = [left('A', 1, 1_500)];
    expect(sentFor([amount(4_500, { items })], 'JPY')).toEqual(['1 A 1500', '1 B 2000', '1 C 1000']);
  });

  it('leaves out what was returned before, as Impact may not know it', () => {
    const before = amount(3_000, { status: 'confirmed', items: [left('A', 0)] });
    expect(sentFor([before, amount(1_000, { items: [left('B', 0)] })])).toEqual(['0 B 0.00', '1 C 10.00']);
  });

  it('rests on what Impact has, not on an amount that this one replaces', () => {
    const parked = amount(3_000, { status: 'parked', items: [left('A', 0)] });
    expect(sentFor([parked, amount(4_000, { items: [left('B', 0)] })])).toEqual([
      '2 A 30.00',
      '0 B 0.00',
      '1 C 10.00',
    ]);
  });

  it.each([
    ['names no items', amount(4_500, {})],
    ['is above what is left of them', amount(4_501, { items: [left('A', 1, 1_500)] })],
  ])('is the whole amount alone, where it %s', (_what, newest) => {
    expect(sentFor([newest])).toBeUndefined();
  });
});
