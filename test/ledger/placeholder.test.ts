import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { ListedAction } from '../../src/impact/list-actions.js';
import { createLedgerMetrics } from '../../src/ledger/backlog-metrics.js';
import { countParkedByReason } from '../../src/ledger/count-parked.js';
import { expectedFor } from '../../src/ledger/expected-adjustments.js';
import { findDue, findUnfinished } from '../../src/ledger/find-due.js';
import { requestAdjustment } from '../../src/ledger/request-adjustment.js';
import type { Database } from '../../src/mongo.js';
import { auditOnce } from '../support/audit-once.js';
import { sampleOf } from '../support/metrics-page.js';
import { openFreshDatabase } from '../support/mongo.js';

/** The documents of refunds and new amounts whose orders have not come. */
const ASKED = { reason: 'ITEM_RETURNED', by: 'mch_shop' };
const reversal = { kind: 'reversal', ...ASKED } as const;
const amount = { kind: 'amount', totalAmountCents: 1, ...ASKED } as const;
const soon = new Date(Date.now() + 3_600_000);

let db: Database;
let audits = 0;

beforeAll(async () => {
  db = await openFreshDatabase();
  const deps = { db, programme };
  await requestAdjustment(deps, 'sale_subscription:A-1', reversal);
  await requestAdjustment(deps, 'sale_subscription:A-2', amount);
  await requestAdjustment(deps, 'signup:65f000000000000000000001', reversal);
});
afterAll(() => db.close());

async function audit(...actions: ListedAction[]) {
  const window = { from: new Date(0).toISOString(), to: soon.toISOString() };
  // As if they had come before the audit, each of which is one of its own.
  audits += 1;
  const begunAt = new Date(soon.getTime() + audits);
  const { counts } = await auditOnce(db, { window, begunAt, actions });
  return { counts, findings: await db.findings.find().lean() };
}

describe('refunds and amounts that wait for their orders', () => {
  it('are nothing that an audit finds', async () => {
    const { counts, findings } = await audit();
    expect(findings).toEqual([]);
    expect(counts.notReported).toBe(3);
  });

  it('are a finding where Impact has the order', async () => {
    const action = { actionId: '1', actionTrackerId: 99_999, orderId: 'A-2', state: 'PENDING' };
    const { findings } = await audit(action);
    expect(findings).toMatchObject([{ kind: 'unknown_to_us', conversionId: 'sale_subscription:A-2' }]);
  });

  it('are no backlog, and wait for no human', async () => {
    const text = await createLedgerMetrics(db).read();
    for (const status of ['pending', 'reporting', 'parked'])
      expect(sampleOf(text, 'affiliate_unsettled_conversions', { status })).toBe(0);
    expect(await countParkedByReason(db)).toEqual([]);
  });

  it('have no workflow', async () => {
    const follow = { confirmAfterMs: 1, confirmWithinMs: 1 };
    const none = { done: true, value: undefined };
    expect(await findDue(db, soon).next()).toEqual(none);
    expect(await findUnfinished(db, soon, follow).next()).toEqual(none);
  });

  it('cannot be written to by a request that has read them before their order came', async () => {
    const _id = 'sale_subscription:A-3';
    const read = (await requestAdjustment({ db, programme }, _id, amount)).conversion;
    // An order without a click is skipped as well.
    await db.conversions.updateOne({ _id }, { $set: { reason: 'no_attribution' } });
    const { matchedCount } = await db.conversions.updateOne(expectedFor(read, reversal), { updatedAt: soon });
    expect(matchedCount).toBe(0);
  });
});
