import { describe, expect, it } from 'vitest';
import { toLedgerSide } from '../../src/audit/stage-ledger.js';
import { saleSubscription } from '../../src/domain/campaign-events/sale-subscription.js';
import { signup } from '../../src/domain/campaign-events/signup.js';
import type { Change } from '../../src/domain/adjustment.js';
import type { Conversion } from '../../src/domain/conversion.js';

const requestedAt = new Date('2026-11-03T00:00:00Z');
const sentAt = new Date('2026-11-03T00:01:00Z');

function sale(overrides: Partial<Conversion> = {}): Omit<Conversion, 'timeline'> {
  return {
    _id: 'sale_subscription:A-1',
    campaignEventId: 'sale_subscription',
    userId: '65f000000000000000000001',
    occurredAt: new Date('2026-11-02T00:00:00Z'),
    payload: { orderId: 'A-1', totalAmountCents: 4_900, currency: 'USD' },
    attribution: null,
    status: 'confirmed',
    createdAt: new Date('2026-11-02T00:00:00Z'),
    updatedAt: new Date('2026-11-02T00:10:00Z'),
    ...overrides,
  };
}

function change(overrides: Partial<Change>): Change {
  const requested = { id: 'change', reason: 'ORDER_UPDATE', requestedAt, requestedBy: 'mch_shop' };
  return { kind: 'amount', status: 'confirmed', ...requested, ...overrides };
}

const side = (...changes: Change[]) => toLedgerSide(saleSubscription, sale({ changes }));

describe("the ledger's side of a conversion", () => {
  it('is its order, its amount in major units, and where it stands', () => {
    const submission = { state: 'queued', orderId: 'A-1', attempts: 1, sentAt } as const;
    expect(toLedgerSide(saleSubscription, sale({ submission }))).toEqual({
      orderId: 'A-1',
      conversionId: 'sale_subscription:A-1',
      status: 'confirmed',
      amount: '49.00',
      currency: 'USD',
      sentAt,
      updatedAt: new Date('2026-11-02T00:10:00Z'),
    });
  });

  it('has no amount where the event has none', () => {
    const { orderId, amount, currency } = toLedgerSide(signup, sale({ payload: {} }));
    expect({ orderId, amount, currency }).toEqual({ orderId: 'signup-65f000000000000000000001' });
  });
});

describe("the ledger's side of a conversion that was changed", () => {
  it('has the newest amount that took effect', () => {
    const { amount, amountChange } = side(
      change({ totalAmountCents: 2_900 }),
      change({ totalAmountCents: 1_900 }),
    );
    expect({ amount, amountChange }).toEqual({ amount: '19.00' });
  });

  it('has both amounts while another is under way', () => {
    expect(side(change({ totalAmountCents: 1_900, status: 'submitted', sentAt }))).toMatchObject({
      amount: '49.00',
      amountChange: { amount: '19.00', status: 'submitted', sentAt },
    });
  });

  it('has the newest of several that are under way', () => {
    const parked = change({ totalAmountCents: 2_900, status: 'parked' });
    const { amountChange } = side(parked, change({ totalAmountCents: 1_900, status: 'reporting' }));
    expect(amountChange).toEqual({ amount: '19.00', status: 'reporting' });
  });

  it('is as before where the other amount was given up', () => {
    const { amount, amountChange } = side(change({ totalAmountCents: 1_900, status: 'abandoned' }));
    expect({ amount, amountChange }).toEqual({ amount: '49.00' });
  });

  it('has the reversal, and when Impact acknowledged it', () => {
    const reversal = change({ kind: 'reversal', reason: 'ITEM_RETURNED', status: 'submitted', sentAt });
    expect(side(reversal).reversal).toEqual({ status: 'submitted', sentAt });
  });

  it('has no reversal where it was given up', () => {
    expect(side(change({ kind: 'reversal', status: 'abandoned' })).reversal).toBeUndefined();
  });
});
