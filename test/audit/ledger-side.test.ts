import { describe, expect, it } from 'vitest';
import { toLedgerSide } from '../../src/audit/ledger-side.js';
import type { Adjustment } from '../../src/domain/adjustment.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { saleSubscription, signup } from '../support/programme.js';

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

function adjustment(overrides: Partial<Adjustment>): Adjustment {
  const requested = { id: 'adjustment', reason: 'ORDER_UPDATE', requestedAt, requestedBy: 'mch_shop' };
  return { kind: 'amount', status: 'confirmed', ...requested, ...overrides };
}

const side = (...adjustments: Adjustment[]) => toLedgerSide(saleSubscription, sale({ adjustments }));

describe("the ledger's side of a conversion", () => {
  it('is its order, its amount in major units, and its status', () => {
    const submission = { state: 'queued', orderId: 'A-1', attempts: 1, sentAt } as const;
    expect(toLedgerSide(saleSubscription, sale({ submission }))).toEqual({
      orderId: 'A-1',
      conversionId: 'sale_subscription:A-1',
      userId: '65f000000000000000000001',
      occurredAt: new Date('2026-11-02T00:00:00Z'),
      status: 'confirmed',
      amount: '49.00',
      currency: 'USD',
      sentAt,
      updatedAt: new Date('2026-11-02T00:10:00Z'),
    });
  });

  it('has no amount, and its order id, where only a refund or a new amount of it has come', () => {
    const waiting = sale({
      payload: { orderId: 'A-1' },
      userId: '',
      status: 'skipped',
      reason: 'order_not_found',
      adjustments: [adjustment({ totalAmountCents: 1_900 })],
    });
    const { orderId, amount, currency, amountAdjustment } = toLedgerSide(saleSubscription, waiting);
    expect({ orderId, amount, currency, amountAdjustment }).toEqual({ orderId: 'A-1' });
  });

  it('has no amount where the event has none', () => {
    const { orderId, amount, currency } = toLedgerSide(signup, sale({ payload: {} }));
    expect({ orderId, amount, currency }).toEqual({ orderId: 'signup-65f000000000000000000001' });
  });
});

describe("the ledger's side of a conversion with adjustments", () => {
  it('has the newest amount that took effect', () => {
    const { amount, amountAdjustment } = side(
      adjustment({ totalAmountCents: 2_900 }),
      adjustment({ totalAmountCents: 1_900 }),
    );
    expect({ amount, amountAdjustment }).toEqual({ amount: '19.00' });
  });

  it('has both amounts while another is in progress', () => {
    expect(side(adjustment({ totalAmountCents: 1_900, status: 'submitted', sentAt }))).toMatchObject({
      amount: '49.00',
      amountAdjustment: { amount: '19.00', status: 'submitted', sentAt },
    });
  });

  it('has the newest of several that are in progress', () => {
    const parked = adjustment({ totalAmountCents: 2_900, status: 'parked' });
    const { amountAdjustment } = side(parked, adjustment({ totalAmountCents: 1_900, status: 'reporting' }));
    expect(amountAdjustment).toEqual({ amount: '19.00', status: 'reporting' });
  });

  it('has the first amount where the other was abandoned', () => {
    const { amount, amountAdjustment } = side(adjustment({ totalAmountCents: 1_900, status: 'abandoned' }));
    expect({ amount, amountAdjustment }).toEqual({ amount: '49.00' });
  });

  it('has the reversal, and when Impact acknowledged it', () => {
    const reversal = adjustment({ kind: 'reversal', reason: 'ITEM_RETURNED', status: 'submitted', sentAt });
    expect(side(reversal).reversal).toEqual({ status: 'submitted', sentAt });
  });

  it('has no reversal where it was abandoned', () => {
    expect(side(adjustment({ kind: 'reversal', status: 'abandoned' })).reversal).toBeUndefined();
  });
});
