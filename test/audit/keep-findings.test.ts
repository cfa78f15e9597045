import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acknowledgeFinding } from '../../src/audit/acknowledge-finding.js';
import type { ListedAction } from '../../src/impact/list-actions.js';
import type { Database } from '../../src/mongo.js';
import { auditOnce, stageAudit } from '../support/audit-once.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';

const WINDOW = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' };
const OCCURRED = new Date('2026-11-02T00:00:00Z');
const ID = 'amount_differs:99999:A-1';
const NOTE = { by: 'kim', reason: 'settled with the partner' };

let db: Database;
let hour: number;

beforeAll(async () => {
  db = await openFreshDatabase();
  return () => db.close();
});
beforeEach(async () => {
  hour = 0;
  await sell('A-1');
});
afterEach(async () => {
  for (const { collection } of [db.conversions, db.audits, db.auditEntries, db.findings])
    await collection.deleteMany({});
});

/** Each audit begins an hour after the one before. */
const later = () => new Date(Date.UTC(2026, 10, 23, hour++));

function sell(orderId: string, own: Parameters<typeof insertPending>[1] = {}) {
  return insertPending(db, {
    _id: `sale_subscription:${orderId}`,
    payload: { orderId, totalAmountCents: 4_900, currency: 'USD' },
    status: 'confirmed',
    occurredAt: OCCURRED,
    updatedAt: OCCURRED,
    ...own,
  });
}

const change = (set: object) => db.conversions.updateOne({ _id: 'sale_subscription:A-1' }, { $set: set });

function actionOf(amount: number, own: Partial<ListedAction> = {}): ListedAction {
  const order = { actionId: '1', actionTrackerId: 99_999, orderId: 'A-1' };
  return { ...order, state: 'PENDING', amount, currency: 'USD', eventDate: OCCURRED, ...own };
}

/** An audit while Impact has this amount for the order. */
const audit = (amount: number, begunAt = later(), window = WINDOW) =>
  auditOnce(db, { window, begunAt, actions: [actionOf(amount)] });

const kept = (id = ID) => db.findings.findById(id).lean();

describe('a difference', () => {
  it('is one finding, however often it is met: when it was first and last seen, and by which audit', async () => {
    const [first, second] = [later(), later()];
    await audit(48, first);
    const { auditId } = await audit(48, second);
    expect(await db.findings.find().lean()).toEqual([
      {
        _id: ID,
        kind: 'amount_differs',
        orderId: 'A-1',
        actionTrackerId: 99_999,
        conversionId: 'sale_subscription:A-1',
        status: 'confirmed',
        actionIds: ['1'],
        detail: '49.00 USD here, 48.00 USD at Impact.',
        happenedAt: OCCURRED,
        amounts: {
          ledger: { minorUnits: 4_900, currency: 'USD' },
          impact: { minorUnits: 4_800, currency: 'USD' },
          difference: { minorUnits: -100, currency: 'USD' },
        },
        firstSeenAt: first,
        lastSeenAt: second,
        lastAuditId: auditId,
        state: 'open',
        acknowledgements: [],
      },
    ]);
  });

  it('is closed once an audit of its window does not meet it any more', async () => {
    await audit(48);
    const fixed = later();
    const { openDifferences, findingsByKind } = await audit(49, fixed);
    expect(await kept()).toMatchObject({ state: 'closed', closedAt: fixed });
    expect({ openDifferences, met: findingsByKind.amount_differs }).toEqual({ openDifferences: 0, met: 0 });
  });

  it('is open again where it comes back', async () => {
    const first = later();
    await audit(48, first);
    await audit(49);
    await audit(48);
    expect(await kept()).toMatchObject({ state: 'open', firstSeenAt: first });
    expect(await kept()).not.toHaveProperty('closedAt');
  });

  it('stays as it is where an audit is of other days', async () => {
    await audit(48);
    await audit(49, later(), { from: '2026-11-03T00:00:00.000Z', to: '2026-11-04T00:00:00.000Z' });
    expect(await kept()).toMatchObject({ state: 'open' });
  });

  it('stays as it is where the programme has no such event type any more', async () => {
    await audit(48);
    await db.findings.updateOne({ _id: ID }, { $set: { actionTrackerId: 12_345 } });
    await audit(49);
    expect(await kept()).toMatchObject({ state: 'open' });
  });
});

describe('an acknowledged difference', () => {
  it('stays acknowledged, and is counted as met and not as open', async () => {
    expect(await audit(48)).toMatchObject({ openDifferences: 1 });
    await acknowledgeFinding(db, ID, NOTE);
    const { openDifferences, findingsByKind } = await audit(48);
    expect(await kept()).toMatchObject({ state: 'acknowledged', acknowledgements: [NOTE] });
    expect({ openDifferences, met: findingsByKind.amount_differs }).toEqual({ openDifferences: 0, met: 1 });
  });

  it('is open again once money has moved at Impact, and keeps who had looked', async () => {
    await audit(48);
    await acknowledgeFinding(db, ID, NOTE);
    expect(await audit(47)).toMatchObject({ openDifferences: 1 });
    expect(await kept()).toMatchObject({ state: 'open', acknowledgements: [NOTE] });
  });

  it('is open again once money has moved here', async () => {
    await audit(48);
    await acknowledgeFinding(db, ID, NOTE);
    await change({ 'payload.totalAmountCents': 5_000 });
    expect(await audit(48)).toMatchObject({ openDifferences: 1 });
  });

  it('is closed once it is gone, and open if it comes back', async () => {
    await audit(48);
    await acknowledgeFinding(db, ID, NOTE);
    await audit(49);
    expect(await kept()).toMatchObject({ state: 'closed', acknowledgements: [NOTE] });
    await audit(48);
    expect(await kept()).toMatchObject({ state: 'open', acknowledgements: [NOTE] });
  });
});

describe('an order that is on its way when the next audit comes', () => {
  it('keeps its finding, which that audit cannot compare', async () => {
    await audit(48);
    await change({ adjustments: [parkedReversal()] });
    const { counts, openDifferences } = await audit(48);
    expect({ inProgress: counts.inProgress, openDifferences }).toEqual({ inProgress: 1, openDifferences: 1 });
    expect(await kept()).toMatchObject({ state: 'open' });
  });

  function parkedReversal() {
    const requested = { requestedAt: OCCURRED, requestedBy: 'shop' };
    return { id: 'r1', kind: 'reversal', reason: 'ITEM_RETURNED', status: 'parked', ...requested };
  }

  it('does not open a finding that is closed', async () => {
    await audit(48);
    await audit(49);
    await change({ adjustments: [parkedReversal()] });
    await audit(49);
    expect(await kept()).toMatchObject({ state: 'closed' });
  });
});

describe('a possible duplicate', () => {
  const DUPLICATE = 'possible_duplicate:99999:A-2';
  beforeEach(() => sell('A-2', { occurredAt: new Date(OCCURRED.getTime() + 1_800_000) }));

  it('is no open difference', async () => {
    const agreed = [actionOf(49), actionOf(49, { actionId: '2', orderId: 'A-2' })];
    const summary = await auditOnce(db, { window: WINDOW, begunAt: later(), actions: agreed });
    expect(summary).toMatchObject({ openDifferences: 0, findingsByKind: { possible_duplicate: 1 } });
    expect(await kept(DUPLICATE)).toMatchObject({ state: 'open' });
  });

  it('stays where the earlier sale may lie before the window', async () => {
    await audit(49);
    await audit(49, later(), { ...WINDOW, from: new Date(OCCURRED.getTime() + 1).toISOString() });
    expect(await kept(DUPLICATE)).toMatchObject({ state: 'open' });
  });

  it('is closed once one of the sales is reversed', async () => {
    await audit(49);
    await change({ status: 'reversed' });
    await audit(49);
    expect(await kept(DUPLICATE)).toMatchObject({ state: 'closed' });
  });
});

describe('an audit that began earlier, and ends later than another', () => {
  it('does not open what the newer one has closed', async () => {
    await audit(48);
    const stale = await stageAudit(db, { window: WINDOW, begunAt: later(), actions: [actionOf(48)] });
    const fixed = later();
    await audit(49, fixed);
    await stale.compare();
    expect(await kept()).toMatchObject({ state: 'closed', closedAt: fixed });
  });

  it('does not close what the newer one has met', async () => {
    const stale = await stageAudit(db, { window: WINDOW, begunAt: later(), actions: [actionOf(49)] });
    await audit(48);
    await stale.compare();
    expect(await kept()).toMatchObject({ state: 'open' });
  });

  it('does not take back the amounts that the newer one has seen', async () => {
    const stale = await stageAudit(db, { window: WINDOW, begunAt: later(), actions: [actionOf(48)] });
    await audit(47);
    await acknowledgeFinding(db, ID, NOTE);
    await stale.compare();
    expect(await kept()).toMatchObject({ state: 'acknowledged', amounts: { impact: { minorUnits: 4_700 } } });
  });
});

describe('a worker that dies in the middle of an audit', () => {
  it('closes nothing, and the repeated attempt writes the same once and closes the rest', async () => {
    await audit(48);
    await sell('B-1', { occurredAt: new Date('2026-11-02T12:00:00Z') });
    const begunAt = later();
    const staged = await stageAudit(db, {
      window: WINDOW,
      begunAt,
      actions: [actionOf(49), actionOf(1, { actionId: '2', orderId: 'B-1' })],
    });
    const dies = () => {
      throw new Error('killed');
    };
    await expect(staged.compare(dies)).rejects.toThrow('killed');
    expect(await kept()).toMatchObject({ state: 'open' });
    const cutOff = await kept('amount_differs:99999:B-1');
    expect(cutOff).toMatchObject({ state: 'open', firstSeenAt: begunAt });

    expect(await staged.compare()).toMatchObject({ openDifferences: 1 });
    expect(await kept()).toMatchObject({ state: 'closed' });
    expect(await kept('amount_differs:99999:B-1')).toEqual(cutOff);
  });

  it('keeps what an operator has acknowledged between the attempts', async () => {
    const staged = await stageAudit(db, { window: WINDOW, begunAt: later(), actions: [actionOf(48)] });
    const dies = () => {
      throw new Error('killed');
    };
    await expect(staged.compare(dies)).rejects.toThrow('killed');
    await acknowledgeFinding(db, ID, NOTE);
    expect(await staged.compare()).toMatchObject({ openDifferences: 0 });
    expect(await kept()).toMatchObject({ state: 'acknowledged' });
  });
});

describe('acknowledging', () => {
  it('again adds another entry, and removes none', async () => {
    await audit(48);
    await acknowledgeFinding(db, ID, NOTE);
    const { acknowledgements } = await acknowledgeFinding(db, ID, { by: 'lou', reason: 'agreed' });
    expect(acknowledgements).toMatchObject([NOTE, { by: 'lou', reason: 'agreed' }]);
  });

  it('again by the same person for the same reason changes nothing, as the request was only repeated', async () => {
    await audit(48);
    const first = await acknowledgeFinding(db, ID, NOTE);
    expect(await acknowledgeFinding(db, ID, NOTE)).toEqual(first);
  });

  it('counts again for the same reason once money has moved', async () => {
    await audit(48);
    await acknowledgeFinding(db, ID, NOTE);
    await audit(47);
    const { acknowledgements } = await acknowledgeFinding(db, ID, NOTE);
    expect(acknowledgements).toMatchObject([NOTE, NOTE]);
  });

  it('is refused for what no audit has met', async () => {
    await expect(acknowledgeFinding(db, 'twice:1:none', NOTE)).rejects.toMatchObject({
      code: 'finding_not_found',
    });
  });

  it('is refused for what is closed, which stays closed', async () => {
    await audit(48);
    await audit(49);
    await expect(acknowledgeFinding(db, ID, NOTE)).rejects.toMatchObject({ code: 'finding_closed' });
    expect(await kept()).toMatchObject({ state: 'closed', acknowledgements: [] });
  });
});

describe('a restored database', () => {
  const collections = () => [db.conversions.collection, db.audits.collection, db.findings.collection];

  async function backUp() {
    const documents = await Promise.all(collections().map((each) => each.find().toArray()));
    return async () => {
      for (const [index, each] of collections().entries()) {
        await each.deleteMany({});
        await each.insertMany(documents[index] as never);
      }
    };
  }

  it('meets the same findings, keeps the acknowledgements of the backup, and alarms again for one that it lost', async () => {
    await sell('B-1', { occurredAt: new Date('2026-11-02T12:00:00Z') });
    const actions = [actionOf(48), actionOf(1, { actionId: '2', orderId: 'B-1' })];
    const auditBoth = () => auditOnce(db, { window: WINDOW, begunAt: later(), actions });
    await auditBoth();
    await acknowledgeFinding(db, ID, NOTE);
    const restore = await backUp();
    await acknowledgeFinding(db, 'amount_differs:99999:B-1', NOTE);
    expect(await auditBoth()).toMatchObject({ openDifferences: 0 });

    await restore();
    expect(await auditBoth()).toMatchObject({ openDifferences: 1, findingsByKind: { amount_differs: 2 } });
    expect(await db.findings.countDocuments()).toBe(2);
    expect(await kept()).toMatchObject({ state: 'acknowledged', acknowledgements: [NOTE] });
    expect(await kept('amount_differs:99999:B-1')).toMatchObject({ state: 'open', acknowledgements: [] });
  });

  it('closes what was open in the backup and is gone', async () => {
    await audit(48);
    const restore = await backUp();
    await audit(49);
    await restore();
    expect(await kept()).toMatchObject({ state: 'open' });
    await audit(49);
    expect(await kept()).toMatchObject({ state: 'closed' });
  });
});
