import { describe, expect, it } from 'vitest';
import { compareOrder } from '../../src/audit/compare-order.js';
import type { ImpactSide, LedgerSide } from '../../src/audit/types.js';

const context = {
  from: new Date('2026-11-01T00:00:00Z'),
  to: new Date('2026-11-23T00:00:00Z'),
  begunAt: new Date('2026-11-23T11:58:00Z'),
  now: new Date('2026-11-23T12:00:00Z'),
};

const HOUR_MS = 3_600_000;
const ago = (ms: number) => new Date(context.now.getTime() - ms);

function conversion(overrides: Partial<LedgerSide> = {}): LedgerSide {
  return {
    conversionId: 'sale_subscription:A-1',
    userId: '65f000000000000000000001',
    occurredAt: new Date('2026-11-02T00:00:00Z'),
    status: 'confirmed',
    amount: '49.00',
    currency: 'USD',
    sentAt: new Date('2026-11-02T00:00:00Z'),
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

const usd = (minorUnits: number) => ({ minorUnits, currency: 'USD' });

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
        _id: 'state_changed:99999:A-1',
        kind: 'state_changed',
        orderId: 'A-1',
        actionTrackerId: 99_999,
        conversionId: 'sale_subscription:A-1',
        status: 'confirmed',
        actionIds: ['1'],
        detail: 'Reversed at Impact: no partner is paid.',
        happenedAt: conversion().occurredAt,
        amounts: { ledger: usd(4_900), difference: usd(-4_900) },
      },
    ]);
  });

  it('is twice at Impact where two of its Actions are live', () => {
    expect(kinds(conversion(), action(), action({ actionId: '2', state: 'APPROVED' }))).toEqual(['twice']);
  });

  it('is one short finding, however often Impact has it', () => {
    const live = Array.from({ length: 1_000 }, (_, index) => action({ actionId: String(index) }));
    const [found] = compare(conversion(), ...live).findings;
    expect(found?.actionIds).toHaveLength(20);
    expect(found?.actionIds.at(-1)).toBe('and 981 more');
  });

  it('is reattributed, and not twice at Impact, where one of two Actions is reversed', () => {
    const [found] = compare(conversion(), action({ state: 'REVERSED' }), action({ actionId: '2' })).findings;
    expect(found).toMatchObject({ kind: 'reattributed', actionIds: ['1', '2'] });
    expect(found?.detail).toContain('created again as 2');
  });

  it('is twice at Impact where two Actions are live beside a reversed one', () => {
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

  it('is marked as locked where it cannot be changed', () => {
    const [found] = compare(conversion(), action({ amount: 1, state: 'APPROVED' })).findings;
    expect(found?.detail).toContain('locked');
  });

  it("is not compared where Impact has it in the account's currency", () => {
    const comparison = compare(conversion({ amount: '4900', currency: 'JPY' }), action({ amount: 31.2 }));
    expect(comparison).toEqual({ counted: 'confirmed', amountNotCompared: true, findings: [] });
  });

  it('is not compared where the event has none', () => {
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
  it('is not credited once it was confirmed, however recently it was sent', () => {
    const [found] = compare(conversion({ sentAt: context.now })).findings;
    expect(found).toMatchObject({ kind: 'not_credited', actionIds: [] });
    expect(found?.detail).toContain('attributed it to no partner');
  });

  it('is missing where it was submitted more than an hour ago', () => {
    expect(kinds(conversion({ status: 'submitted' }))).toEqual(['missing_at_impact']);
  });

  it('is still on the way where it was submitted within the hour', () => {
    expect(compare(conversion({ status: 'submitted', sentAt: ago(HOUR_MS - 1) }))).toEqual({
      counted: 'inProgress',
      findings: [],
    });
  });

  it.each(['pending', 'reporting'] as const)('is still on the way while it is %s', (status) => {
    expect(compare(conversion({ status }))).toEqual({ counted: 'inProgress', findings: [] });
  });

  it.each(['skipped', 'parked', 'abandoned'] as const)(
    'is no finding where the ledger has it as %s',
    (status) => {
      expect(compare(conversion({ status }))).toEqual({ counted: 'notReported', findings: [] });
    },
  );
});

describe('an Action that the ledger does not have as reported', () => {
  it('is unknown to us', () => {
    expect(compare(null, action()).findings).toEqual([
      {
        _id: 'unknown_to_us:99999:A-1',
        kind: 'unknown_to_us',
        orderId: 'A-1',
        actionTrackerId: 99_999,
        actionIds: ['1'],
        detail: 'The ledger has no such order.',
        happenedAt: action().eventDate,
        amounts: { impact: usd(4_900), difference: usd(4_900) },
      },
    ]);
  });

  it('is one finding where Impact has it twice', () => {
    const [found, ...others] = compare(null, action(), action({ actionId: '2' })).findings;
    expect(found).toMatchObject({ kind: 'unknown_to_us', actionIds: ['1', '2'] });
    expect(others).toEqual([]);
  });

  it('is no finding once Impact has reversed it', () => {
    expect(kinds(null, action({ state: 'REVERSED' }))).toEqual([]);
  });

  it.each([
    ['before', '2026-10-31T23:59:59Z'],
    ['at the end of', '2026-11-23T00:00:00Z'],
  ])('belongs to another audit where it happened %s the window', (_, time) => {
    expect(kinds(null, action({ eventDate: new Date(time) }))).toEqual([]);
  });

  it('is unknown to us where the ledger has decided against it', () => {
    const [found] = compare(conversion({ status: 'parked', reason: 'impact_timeout' }), action()).findings;
    expect(found).toMatchObject({
      kind: 'unknown_to_us',
      status: 'parked',
      detail: 'The ledger has it as parked (impact_timeout).',
    });
  });

  it('is listed without the Actions that were reversed', () => {
    const reversed = action({ actionId: '2', state: 'REVERSED' });
    const [found] = compare(conversion({ status: 'parked' }), action(), reversed).findings;
    expect(found).toMatchObject({ kind: 'unknown_to_us', actionIds: ['1'] });
  });
});

describe('an order that was reversed here', () => {
  const done = { status: 'reversed', reversal: { status: 'confirmed', sentAt: ago(60_000) } } as const;

  it('is reversed on both sides where Impact has no live Action', () => {
    const comparison = compare(conversion(done), action({ state: 'REVERSED', amount: 0 }));
    expect(comparison).toEqual({ counted: 'reversed', findings: [] });
  });

  it('is not reported where it was reversed before it was sent', () => {
    expect(compare(conversion(done))).toEqual({ counted: 'notReported', findings: [] });
  });

  it('is not reversed where Impact has a live Action, however recent the reversal is', () => {
    const [found, ...others] = compare(conversion(done), action()).findings;
    expect(found).toMatchObject({ kind: 'not_reversed', status: 'reversed', actionIds: ['1'] });
    expect(found?.detail).toBe('Reversed here, but Impact has a live Action: the partner is paid.');
    expect(others).toEqual([]);
  });

  it('is marked as locked where it cannot be reversed at Impact', () => {
    const [found] = compare(conversion(done), action({ state: 'APPROVED' })).findings;
    expect(found).toMatchObject({ kind: 'not_reversed', detail: expect.stringContaining('It is locked.') });
  });

  it('is not reversed where Impact created it again, and only the new Action is named', () => {
    const [found] = compare(
      conversion(done),
      action({ state: 'REVERSED' }),
      action({ actionId: '2' }),
    ).findings;
    expect(found).toMatchObject({ kind: 'not_reversed', actionIds: ['2'] });
  });
});

describe('a reversal in progress', () => {
  it.each(['pending', 'reporting', 'parked'] as const)('is not compared while it is %s', (status) => {
    const ledger = conversion({ reversal: { status, sentAt: ago(30 * HOUR_MS) } });
    expect(compare(ledger, action())).toEqual({ counted: 'inProgress', findings: [] });
    expect(compare(ledger, action({ state: 'REVERSED' }))).toEqual({ counted: 'inProgress', findings: [] });
  });

  it('is not compared within the hour after it was sent', () => {
    const ledger = conversion({ reversal: { status: 'submitted', sentAt: ago(HOUR_MS - 1) } });
    expect(compare(ledger, action())).toEqual({ counted: 'inProgress', findings: [] });
  });

  it('is compared with Impact once the hour is over, also where it was never confirmed', () => {
    const ledger = conversion({
      status: 'submitted',
      reversal: { status: 'submitted', sentAt: ago(HOUR_MS) },
    });
    expect(kinds(ledger, action())).toEqual(['not_reversed']);
    expect(compare(ledger, action({ state: 'REVERSED' }))).toEqual({ counted: 'reversed', findings: [] });
  });

  it('does not hide that Impact has the order twice', () => {
    const ledger = conversion({ reversal: { status: 'reporting' } });
    expect(kinds(ledger, action(), action({ actionId: '2' }))).toEqual(['twice']);
  });
});

describe('another amount', () => {
  const changing = (status: 'pending' | 'reporting' | 'parked' | 'submitted', sentAt?: Date) =>
    conversion({ amountAdjustment: { amount: '19.00', status, ...(sentAt ? { sentAt } : {}) } });

  it.each(['pending', 'reporting', 'parked'] as const)('is in progress while it is %s', (status) => {
    expect(compare(changing(status), action({ amount: 19 }))).toEqual({
      counted: 'inProgress',
      findings: [],
    });
  });

  it('has not reached Impact where Impact has the old amount', () => {
    expect(compare(changing('reporting'), action())).toEqual({ counted: 'confirmed', findings: [] });
  });

  it('is in progress within the hour after it was sent', () => {
    const ledger = changing('submitted', ago(HOUR_MS - 1));
    expect(compare(ledger, action({ amount: 19 })).counted).toBe('inProgress');
  });

  it('is the one that is compared once the hour is over, also where it was never confirmed', () => {
    const ledger = changing('submitted', ago(HOUR_MS));
    expect(compare(ledger, action({ amount: 19 }))).toEqual({ counted: 'confirmed', findings: [] });
    expect(compare(ledger, action()).findings).toMatchObject([
      { kind: 'amount_differs', detail: '19.00 USD here, 49.00 USD at Impact.' },
    ]);
  });

  it('does not hide that Impact reattributed the order', () => {
    const again = [action({ state: 'REVERSED' }), action({ actionId: '2', amount: 19 })];
    expect(compare(changing('reporting'), ...again)).toMatchObject({
      counted: 'inProgress',
      findings: [{ kind: 'reattributed' }],
    });
  });
});

describe('the amounts of a finding', () => {
  const amounts = (...sides: Parameters<typeof compare>) =>
    compare(...sides).findings.map((each) => each.amounts);

  it('are what each side counts, and the difference is what Impact has more', () => {
    expect(amounts(conversion(), action(), action({ actionId: '2' }))).toEqual([
      { ledger: usd(4_900), impact: usd(9_800), difference: usd(4_900) },
    ]);
    expect(amounts(conversion(), action({ amount: 48 }))).toEqual([
      { ledger: usd(4_900), impact: usd(4_800), difference: usd(-100) },
    ]);
  });

  it("have nothing on the ledger's side where it is reversed here, or was not reported", () => {
    const all = { impact: usd(4_900), difference: usd(4_900) };
    expect(amounts(conversion({ status: 'reversed' }), action())).toEqual([all]);
    expect(amounts(conversion({ status: 'parked' }), action())).toEqual([all]);
  });

  it('have no difference where only who is paid has changed', () => {
    const again = [action({ state: 'REVERSED' }), action({ actionId: '2' })];
    expect(amounts(conversion(), ...again)).toEqual([{ ledger: usd(4_900), impact: usd(4_900) }]);
  });

  it('have no difference in two currencies', () => {
    const euro = conversion({ currency: 'EUR' });
    expect(amounts(euro, action(), action({ actionId: '2' }))).toEqual([
      { ledger: { minorUnits: 4_900, currency: 'EUR' }, impact: usd(9_800) },
    ]);
  });

  it('are those of a new amount once Impact should have it', () => {
    const ledger = conversion({
      amountAdjustment: { amount: '19.00', status: 'submitted', sentAt: ago(HOUR_MS) },
    });
    expect(amounts(ledger, action())).toEqual([
      { ledger: usd(1_900), impact: usd(4_900), difference: usd(3_000) },
    ]);
  });

  it('are none where neither side has one that can be added up', () => {
    const { amount: _, currency: __, ...signup } = conversion();
    expect(amounts(signup)).toEqual([{}]);
    expect(amounts(null, action({ currency: 'POINTS' }))).toEqual([{}]);
  });
});

describe('an Action without a date', () => {
  it('happened in the window of this audit, and in that of the next daily one', () => {
    const { eventDate: _, ...undated } = action();
    expect(compare(null, undated).findings[0]?.happenedAt).toEqual(new Date(context.to.getTime() - 1));
  });
});

describe('an order that changed in the ledger while Impact was listed', () => {
  const changed = { updatedAt: context.begunAt };

  it.each([
    ['missing', conversion({ ...changed, status: 'submitted' }), []],
    ['not credited', conversion(changed), []],
    ['not reversed', conversion({ ...changed, status: 'reversed' }), [action()]],
    ['of another amount', conversion(changed), [action({ amount: 48 })]],
    ['unknown', conversion({ ...changed, status: 'parked' }), [action()]],
  ])('is left to the next audit where it would be %s', (_, ledger, actions) => {
    expect(compare(ledger, ...actions)).toEqual({ counted: 'inProgress', findings: [] });
  });

  it('is confirmed where both sides agree', () => {
    expect(compare(conversion(changed), action()).counted).toBe('confirmed');
  });

  it('is a finding where Impact has it twice', () => {
    expect(kinds(conversion(changed), action(), action({ actionId: '2' }))).toEqual(['twice']);
  });

  it('is compared where it changed before', () => {
    const updatedAt = new Date(context.begunAt.getTime() - 1);
    expect(kinds(conversion({ updatedAt }))).toEqual(['not_credited']);
  });
});
