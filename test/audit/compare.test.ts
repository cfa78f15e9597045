import { describe, expect, it } from 'vitest';
import { compareOrder, type ImpactSide, type LedgerSide } from '../../src/audit/compare.js';

const context = {
  from: new Date('2026-11-01T00:00:00Z'),
  to: new Date('2026-11-23T00:00:00Z'),
  now: new Date('2026-11-23T12:00:00Z'),
};

function conversion(overrides: Partial<LedgerSide> = {}): LedgerSide {
  return {
    conversionId: 'sale_subscription:A-1',
    status: 'confirmed',
    amount: '49.00',
    currency: 'USD',
    sentAt: new Date('2026-11-02T00:00:00Z'),
    inWindow: true,
    ...overrides,
  };
}

function action(overrides: Partial<ImpactSide> = {}): ImpactSide {
  return {
    actionId: '1',
    state: 'PENDING',
    amount: 49,
    currency: 'USD',
    eventDate: new Date('2026-11-02T00:00:00Z'),
    ...overrides,
  };
}

function compare(ledger: LedgerSide | null, ...actions: ImpactSide[]) {
  return compareOrder({ actionTrackerId: 99_999, orderId: 'A-1', ledger, actions }, context);
}

const kinds = (...sides: Parameters<typeof compare>) => compare(...sides).findings.map(({ kind }) => kind);

describe('an order on both sides', () => {
  it.each(['submitted', 'confirmed'] as const)('is confirmed where the ledger has it as %s', (status) => {
    expect(compare(conversion({ status }), action())).toEqual({ counted: 'confirmed', findings: [] });
  });

  it('is confirmed, and counted as locked, once Impact has approved it', () => {
    const comparison = compare(conversion(), action({ state: 'APPROVED' }));
    expect(comparison).toEqual({ counted: 'confirmed', locked: true, findings: [] });
  });

  it('has changed its state where Impact reversed it', () => {
    expect(compare(conversion(), action({ state: 'REVERSED', amount: 0 })).findings).toEqual([
      {
        kind: 'state_changed',
        orderId: 'A-1',
        actionTrackerId: 99_999,
        conversionId: 'sale_subscription:A-1',
        status: 'confirmed',
        actionIds: ['1'],
        detail: 'Reversed at Impact: it pays nobody.',
      },
    ]);
  });

  it('is there twice where two of its Actions are live', () => {
    expect(kinds(conversion(), action(), action({ actionId: '2', state: 'APPROVED' }))).toEqual(['twice']);
  });

  it('is reattributed, and not there twice, where one of two Actions is reversed', () => {
    const [found] = compare(conversion(), action({ state: 'REVERSED' }), action({ actionId: '2' })).findings;
    expect(found).toMatchObject({ kind: 'reattributed', actionIds: ['1', '2'] });
    expect(found?.detail).toContain('created anew as 2');
  });

  it('is there twice where two Actions are live beside a reversed one', () => {
    const reversed = action({ actionId: '3', state: 'REVERSED' });
    const [found] = compare(conversion(), action(), action({ actionId: '2' }), reversed).findings;
    expect(found).toMatchObject({ kind: 'twice', actionIds: ['1', '2'] });
  });
});

describe('the amount', () => {
  it('differs by a cent', () => {
    const [found] = compare(conversion(), action({ amount: 49.01 })).findings;
    expect(found).toMatchObject({
      kind: 'amount_differs',
      detail: '49.00 USD here, 49.01 USD at Impact.',
    });
  });

  it('does not differ by what a binary fraction loses', () => {
    expect(kinds(conversion({ amount: '0.30' }), action({ amount: 0.1 + 0.2 }))).toEqual([]);
  });

  it('says so where it can no longer be changed', () => {
    const [found] = compare(conversion(), action({ amount: 1, state: 'APPROVED' })).findings;
    expect(found?.detail).toContain('locked');
  });

  it("is not compared where Impact has it in the account's currency", () => {
    const comparison = compare(conversion({ amount: '4900', currency: 'JPY' }), action({ amount: 31.2 }));
    expect(comparison).toEqual({ counted: 'confirmed', amountNotCompared: true, findings: [] });
  });

  it('is nothing to compare where the event has none', () => {
    const { amount: _, currency: __, ...signup } = conversion();
    expect(compare(signup, action({ amount: 0 }))).toEqual({ counted: 'confirmed', findings: [] });
  });

  it('is compared with that of the Action that is live', () => {
    const reversed = action({ state: 'REVERSED', amount: 0 });
    expect(kinds(conversion(), reversed, action({ actionId: '2', amount: 48 }))).toEqual([
      'reattributed',
      'amount_differs',
    ]);
  });
});

describe('an order that Impact does not list', () => {
  it('is missing once it was confirmed, however young it is', () => {
    const [found] = compare(conversion({ sentAt: context.now })).findings;
    expect(found).toMatchObject({ kind: 'missing_at_impact', actionIds: [] });
    expect(found?.detail).toContain('attributed it to nobody');
  });

  it('is missing where it was submitted more than an hour ago', () => {
    expect(kinds(conversion({ status: 'submitted' }))).toEqual(['missing_at_impact']);
  });

  it('is still on the way where it was submitted within the hour', () => {
    const sentAt = new Date(context.now.getTime() - 3_599_000);
    expect(compare(conversion({ status: 'submitted', sentAt }))).toEqual({
      counted: 'inProgress',
      findings: [],
    });
  });

  it.each(['pending', 'reporting'] as const)('is still on the way while it is %s', (status) => {
    expect(compare(conversion({ status }))).toEqual({ counted: 'inProgress', findings: [] });
  });

  it.each(['skipped', 'parked', 'abandoned'] as const)('is as the ledger says where it was %s', (status) => {
    expect(compare(conversion({ status }))).toEqual({ counted: 'notReported', findings: [] });
  });
});

describe('an Action that nobody here reported', () => {
  it('is unknown to us', () => {
    expect(compare(null, action()).findings).toEqual([
      {
        kind: 'unknown_to_us',
        orderId: 'A-1',
        actionTrackerId: 99_999,
        actionIds: ['1'],
        detail: 'The ledger has no such order.',
      },
    ]);
  });

  it('is one finding also where it is there twice', () => {
    const [found, ...others] = compare(null, action(), action({ actionId: '2' })).findings;
    expect(found).toMatchObject({ kind: 'unknown_to_us', actionIds: ['1', '2'] });
    expect(others).toEqual([]);
  });

  it('is nothing once it was reversed', () => {
    expect(kinds(null, action({ state: 'REVERSED' }))).toEqual([]);
  });

  it.each([
    ['before', '2026-10-31T23:59:59Z'],
    ['at the end of', '2026-11-23T00:00:00Z'],
  ])('belongs to another audit where it happened %s the window', (_, time) => {
    expect(kinds(null, action({ eventDate: new Date(time) }))).toEqual([]);
  });

  it('belongs to another audit where its conversion does', () => {
    expect(kinds(conversion({ inWindow: false }), action({ amount: 1 }))).toEqual([]);
  });

  it('is unknown to us where the ledger has decided against it', () => {
    const [found] = compare(conversion({ status: 'parked', reason: 'impact_timeout' }), action()).findings;
    expect(found).toMatchObject({
      kind: 'unknown_to_us',
      status: 'parked',
      detail: 'The ledger has it as parked (impact_timeout).',
    });
  });
});
