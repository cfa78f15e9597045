import { describe, expect, it } from 'vitest';
import { createDuplicateFinder } from '../../src/audit/find-duplicates.js';
import type { LedgerSide, Order } from '../../src/audit/types.js';

const MINUTE_MS = 60_000;
const context = { from: new Date(0), to: new Date(), begunAt: new Date(), now: new Date() };

function order(orderId: string, minutes: number, own: Partial<LedgerSide> = {}): Order {
  const ledger: LedgerSide = {
    conversionId: `sale_subscription:${orderId}`,
    userId: '65f000000000000000000001',
    occurredAt: new Date(Date.UTC(2026, 10, 2) + minutes * MINUTE_MS),
    status: 'confirmed',
    amount: '49.00',
    currency: 'USD',
    ...own,
  };
  return { actionTrackerId: 99_999, orderId, ledger, actions: [] };
}

function find(...orders: Order[]) {
  const findDuplicates = createDuplicateFinder(context);
  return orders.flatMap((each) => findDuplicates(each));
}

describe('two sales of one user with one amount', () => {
  it('are a possible duplicate within an hour, whatever their order ids', () => {
    expect(find(order('A-1', 0), order('B-7', 60))).toEqual([
      {
        _id: 'possible_duplicate:99999:B-7',
        kind: 'possible_duplicate',
        orderId: 'B-7',
        actionTrackerId: 99_999,
        conversionId: 'sale_subscription:B-7',
        status: 'confirmed',
        actionIds: [],
        detail: 'Within an hour after order A-1, of the same user and with the same amount.',
        happenedAt: new Date(Date.UTC(2026, 10, 2, 1)),
        amounts: { ledger: { minorUnits: 4_900, currency: 'USD' } },
      },
    ]);
    expect(find(order('A-1', 0), order('B-7', 60.001))).toEqual([]);
  });

  it.each([
    ['another kind of dash', 'DUP\u20111'],
    ['a minus sign', 'DUP\u22121'],
    ['a zero-width space', 'DUP-1\u200b'],
    ['a space', 'DUP -1'],
    ['lower case', 'dup-1'],
    ['full-width letters', '\uff24UP-1'],
  ])('have order ids that look the same, if one has %s', (_what, orderId) => {
    const [found] = find(order('DUP-1', 0), order(orderId, 1));
    expect(found?.detail).toMatch(/The two order ids look the same\.$/);
  });

  it('are each found beside the one before, where there are more', () => {
    const found = find(order('A', 0), order('B', 50), order('C', 100), order('D', 161));
    expect(found.map(({ orderId, detail }) => `${orderId}: ${/order (\w)/.exec(detail)?.[1]}`)).toEqual([
      'B: A',
      'C: B',
    ]);
  });
});

describe('two sales are no possible duplicate', () => {
  it.each<[string, Partial<LedgerSide>]>([
    ['of two users', { userId: '65f000000000000000000002' }],
    ['with different amounts', { amount: '49.01' }],
    ['in different currencies', { currency: 'EUR' }],
    ['if one was skipped', { status: 'skipped' }],
    ['if one was declined', { status: 'declined' }],
    ['if one was reversed', { status: 'reversed' }],
    ['if the reversal of one is on its way', { reversal: { status: 'submitted' } }],
    ['without an amount', { amount: undefined }],
  ])('%s', (_what, own) => {
    expect(find(order('A', 0), order('B', 1, own))).toEqual([]);
  });

  it('of two event types', () => {
    expect(find(order('A', 0), { ...order('B', 1), actionTrackerId: 68_897 })).toEqual([]);
  });
});
