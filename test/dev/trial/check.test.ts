import { describe, expect, it } from 'vitest';
import type { JournalLine } from '../../../dev/impact-sandbox/index.js';
import { readOrders } from '../../../dev/trial/at-impact.js';
import { check, type Explanation } from '../../../dev/trial/check.js';
import type { Asked } from '../../../dev/trial/client.js';
import type { Wanted, WantedAdjustment } from '../../../dev/trial/wanted.js';

const OCCURRED = Date.parse('2026-11-26T10:00:00.250Z');
const ORDER_ID = 'order-1';

const ACCEPTED: Asked = { askedAt: 0, answeredAt: 1, attempts: [], status: 202 };
const UNANSWERED: Asked = { askedAt: 0, attempts: [] };
const CONFLICT: Asked = { ...ACCEPTED, status: 409, body: { code: 'conversion_conflict' } };

function sale(own: Partial<Wanted> = {}): Wanted {
  return {
    event: 'sale_subscription',
    conversionId: `sale_subscription:${ORDER_ID}`,
    orderId: ORDER_ID,
    clickIds: ['click-A'],
    amount: 49,
    currency: 'USD',
    occurred: { from: OCCURRED, to: OCCURRED },
    asked: ACCEPTED,
    adjustments: [],
    besides: [],
    ...own,
  };
}

function newAmount(amount: number, asked = ACCEPTED): WantedAdjustment {
  return { kind: 'amount', amount, asked };
}

const REFUND: WantedAdjustment = { kind: 'reversal', asked: ACCEPTED };

/** A journal of the sandbox, as short words. */
function journal() {
  const lines: JournalLine[] = [];
  const at = new Date(OCCURRED).toISOString();
  const action = (id: string, state: 'PENDING' | 'REVERSED', amount: number) => ({
    id,
    orderId: ORDER_ID,
    campaignId: 48_046,
    actionTrackerId: 99_999,
    mediaPartnerId: 10_000,
    state,
    amount,
    currency: 'USD',
    eventDate: OCCURRED,
    lockingDate: OCCURRED,
  });
  const take = (type: 'Conversion' | 'Modification' | 'Reversal', fields: Record<string, string>) => {
    const batchId = `A-${lines.length}`;
    lines.push({ at, taken: { batchId, type, orderId: ORDER_ID, fields } });
    return batchId;
  };
  const written = {
    taken(fields: Record<string, string> = {}) {
      return take('Conversion', {
        ActionTrackerId: '99999',
        ClickId: 'click-A',
        Amount: '49.00',
        CurrencyCode: 'USD',
        EventDate: '2026-11-26T10:00:00.250Z',
        ...fields,
      });
    },
    posted(fields: Record<string, string> = {}, id = 'action-1') {
      const batchId = written.taken(fields);
      lines.push({ at, completed: { batchId, action: action(id, 'PENDING', Number(fields.Amount ?? 49)) } });
      return written;
    },
    creditedToNone() {
      lines.push({ at, completed: { batchId: written.taken() } });
      return written;
    },
    turnedDown(errorReason = 'OTHER_REF_PRIORITIZED') {
      lines.push({ at, completed: { batchId: written.taken(), errorType: 'Contract Error', errorReason } });
      return written;
    },
    changed(amount: number) {
      const batchId = take('Modification', { Amount: String(amount) });
      lines.push({ at, completed: { batchId, action: action('action-1', 'PENDING', amount) } });
      return written;
    },
    reversed(id = 'action-1') {
      const batchId = take('Reversal', {});
      lines.push({ at, completed: { batchId, action: action(id, 'REVERSED', 0) } });
      return written;
    },
    order: () => readOrders(lines).get(ORDER_ID),
  };
  return written;
}

function verdict(wanted: Wanted, atImpact = journal(), ledger?: Explanation) {
  const { outcome, problems } = check(wanted, atImpact.order(), ledger);
  return [outcome, ...problems.map(({ kind, what }) => `${kind}: ${what}`)];
}

describe('a conversion that is as it should be', () => {
  it('is confirmed with one Action of what was sent', () => {
    expect(verdict(sale(), journal().posted())).toEqual(['confirmed']);
  });

  it('is uncredited where Impact has processed it, and made no Action of it', () => {
    expect(verdict(sale(), journal().creditedToNone())).toEqual(['uncredited']);
  });

  it('is confirmed although it was sent twice, where Impact took the second for the first', () => {
    expect(verdict(sale(), journal().posted().turnedDown('CONV_DUPLICATE'))).toEqual(['confirmed']);
  });

  it('is reversed where its Action is, or where the ledger took it back before it was sent', () => {
    expect(verdict(sale({ adjustments: [REFUND] }), journal().posted().reversed())).toEqual(['reversed']);
    expect(verdict(sale({ adjustments: [REFUND] }), journal(), { status: 'reversed' })).toEqual(['reversed']);
  });

  it('has its newest amount, changed at Impact or sent so in the first place', () => {
    const wanted = sale({ adjustments: [newAmount(19), newAmount(29)] });
    expect(verdict(wanted, journal().posted().changed(19).changed(29))).toEqual(['confirmed']);
    expect(verdict(wanted, journal().posted({ Amount: '29.00' }))).toEqual(['confirmed']);
  });

  it('may have an amount that was never answered', () => {
    const wanted = sale({ adjustments: [newAmount(19), newAmount(29, UNANSWERED)] });
    expect(verdict(wanted, journal().posted().changed(19))).toEqual(['confirmed']);
    expect(verdict(wanted, journal().posted().changed(29))).toEqual(['confirmed']);
  });

  it('is declined where Impact turned it down and the ledger shows it', () => {
    const ledger = { status: 'declined', reason: 'other_ref_prioritized' };
    expect(verdict(sale(), journal().turnedDown(), ledger)).toEqual(['declined']);
  });

  it('is parked, or skipped for want of a click, where the ledger has the reason', () => {
    expect(verdict(sale(), journal(), { status: 'parked', reason: 'impact_timeout' })).toEqual(['parked']);
    const ledger = { status: 'skipped', reason: 'no_attribution' };
    expect(verdict(sale({ clickIds: [null] }), journal(), ledger)).toEqual(['skipped']);
  });

  it('is unanswered where the API never answered, whether Impact has it or not', () => {
    expect(verdict(sale({ asked: UNANSWERED }))).toEqual(['unanswered']);
    expect(verdict(sale({ asked: UNANSWERED }), journal().posted())).toEqual(['unanswered']);
  });
});

describe('a planted loss is found', () => {
  const nothing = 'lost: answered 2xx, nothing at Impact, and the ledger says';

  it.each([
    ['the ledger does not know it', undefined, 'nothing of it'],
    ['its workflow never ran', { status: 'pending' }, 'pending'],
    ['the ledger believes that Impact has it', { status: 'confirmed' }, 'confirmed'],
    ['it was reversed without a request', { status: 'reversed' }, 'reversed'],
    [
      'it was skipped though it had a click',
      { status: 'skipped', reason: 'no_attribution' },
      'skipped, no_attribution',
    ],
    [
      'the ledger says declined, and Impact turned nothing down',
      { status: 'declined', reason: 'x' },
      'declined, x',
    ],
  ])('%s', (_name, ledger, says) => {
    expect(verdict(sale(), journal(), ledger)).toEqual(['lost', `${nothing} ${says}`]);
  });

  it('of a refund', () => {
    const wanted = sale({ adjustments: [REFUND] });
    const lost = 'lost: the refund was answered 2xx, and the Action is not reversed';
    expect(verdict(wanted, journal().posted(), { status: 'confirmed' })).toEqual(['confirmed', lost]);
  });

  it('of a new amount', () => {
    const wanted = sale({ adjustments: [newAmount(19)] });
    const lost = 'lost: the amount 19 was answered 2xx, and the Action has 49';
    expect(verdict(wanted, journal().posted(), { status: 'confirmed' })).toEqual(['confirmed', lost]);
  });

  it('unless the refund or the amount is parked with a reason', () => {
    const parked = (kind: string) => ({
      status: 'confirmed',
      adjustments: [{ kind, status: 'parked', parkReason: 'locked' }],
    });
    expect(verdict(sale({ adjustments: [REFUND] }), journal().posted(), parked('reversal'))).toEqual([
      'confirmed',
    ]);
    expect(verdict(sale({ adjustments: [newAmount(19)] }), journal().posted(), parked('amount'))).toEqual([
      'confirmed',
    ]);
  });
});

describe('a planted double is found', () => {
  it('of an Action', () => {
    const twice = journal().posted().posted({}, 'action-2');
    expect(verdict(sale(), twice)).toEqual(['confirmed', 'doubled: a second Action, action-2']);
  });

  it('of an Action whose first one was reversed', () => {
    const wanted = sale({ adjustments: [REFUND] });
    const twice = journal().posted().reversed().posted({}, 'action-2');
    expect(verdict(wanted, twice)).toContain('doubled: a second Action, action-2');
  });

  it('of a new amount that took effect again after a newer one', () => {
    const wanted = sale({ adjustments: [newAmount(19), newAmount(29)] });
    const again = journal().posted().changed(19).changed(29).changed(19).changed(29);
    expect(verdict(wanted, again)).toEqual([
      'confirmed',
      'doubled: amount 19 took effect again',
      'doubled: amount 29 took effect again',
    ]);
  });

  it('but not of a change that was sent twice and changed nothing the second time', () => {
    const wanted = sale({ adjustments: [newAmount(19), REFUND] });
    expect(verdict(wanted, journal().posted().changed(19).changed(19).reversed().reversed())).toEqual([
      'reversed',
    ]);
  });
});

describe('a planted wrong value is found', () => {
  it.each([
    ['click', { ClickId: 'click-B' }, 'click click-B instead of click-A'],
    ['amount', { Amount: '4900.00' }, 'amount 4900 instead of 49'],
    ['currency', { CurrencyCode: 'EUR' }, 'currency EUR instead of USD'],
    ['event time', { EventDate: '2026-11-26T10:00:01.000Z' }, 'event time 2026-11-26T10:00:01.000Z'],
    ['event type', { ActionTrackerId: '68897' }, 'event type 68897'],
  ])('%s', (_name, fields, what) => {
    expect(verdict(sale(), journal().posted(fields))).toContain(`wrong: sent with ${what}`);
  });

  it('a click of a user without a partner', () => {
    expect(verdict(sale({ clickIds: [null] }), journal().posted())).toEqual([
      'confirmed',
      'wrong: sent with click click-A instead of none',
    ]);
  });

  it('an amount, or a reversal, that the client did not request', () => {
    expect(verdict(sale(), journal().posted().changed(1))).toContain(
      'wrong: amount 1, which the client did not request',
    );
    expect(verdict(sale(), journal().posted().reversed())).toContain(
      'wrong: reversal, which the client did not request',
    );
  });

  it('a valid request that the API refused', () => {
    const refused = 'wrong: the API refused a valid request: 409 conversion_conflict';
    expect(verdict(sale({ asked: CONFLICT }))).toEqual(['unanswered', refused]);
    expect(verdict(sale({ besides: [CONFLICT] }), journal().posted())).toEqual(['confirmed', refused]);
  });
});
