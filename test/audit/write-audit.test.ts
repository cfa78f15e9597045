import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planAudit } from '../../src/audit/plan-audit.js';
import { stageActions } from '../../src/audit/stage-actions.js';
import { writeAudit } from '../../src/audit/write-audit.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { ListedAction } from '../../src/impact/list-actions.js';
import type { Database } from '../../src/mongo.js';
import { impactListing } from '../support/impact-listing.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';

const WINDOW = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' };
const SALE = { orderId: 'A-1', totalAmountCents: 4_900, currency: 'USD' };
const ACTION: ListedAction = {
  actionId: '1',
  actionTrackerId: 99_999,
  orderId: 'A-1',
  state: 'PENDING',
  amount: 49,
  currency: 'USD',
};

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
  const updatedAt = new Date('2026-11-02T00:10:00Z');
  const occurredAt = new Date('2026-11-02T00:00:00Z');
  const sale = { _id: 'sale_subscription:A-1', payload: SALE, occurredAt, updatedAt };
  await insertPending(db, { ...sale, status: 'confirmed' });
});
afterAll(() => db.close());

const deps = (...actions: ListedAction[]) => ({
  db,
  programme,
  impact: impactListing(...(actions.length > 0 ? actions : [ACTION])),
  onBatch: () => undefined,
});

async function stage(now: string, ...actions: ListedAction[]) {
  const plan = await planAudit(deps(), WINDOW, new Date(now));
  // Each listing twice, as if its first attempt had been cut off at the end.
  for (const listing of [...plan.listings, ...plan.listings])
    await stageActions(deps(...actions), plan.auditId, listing);
  return plan;
}

describe('an audit whose steps are repeated', () => {
  it('has each Action once', async () => {
    const plan = await stage('2026-11-23T00:00:00Z');
    const { counts, findingsByKind } = await writeAudit(deps(), plan, 0);
    expect(counts.confirmed).toBe(1);
    expect(findingsByKind.twice).toBe(0);
  });

  it('keeps its result once the staged Actions are removed', async () => {
    const plan = await stage('2026-11-23T01:00:00Z');
    const first = await writeAudit(deps(), plan, 0);
    expect(await writeAudit(deps(), plan, 0)).toEqual(first);
    expect(await db.audits.findById(plan.auditId).lean()).toMatchObject({ openDifferences: 0 });
  });
});

describe('an Action that only Impact has in the window', () => {
  const occurredAt = new Date('2026-10-01T00:00:00Z');
  const submission = { state: 'queued', orderId: 'A-2', attempts: 1, sentAt: occurredAt } as const;
  const elsewhere: ListedAction = { ...ACTION, actionId: '2', orderId: 'A-2' };

  beforeAll(async () => {
    const sale = { _id: 'sale_subscription:A-2', payload: { ...SALE, orderId: 'A-2' } };
    await insertPending(db, { ...sale, status: 'confirmed', occurredAt, submission });
  });

  it('belongs to another audit where its conversion happened outside', async () => {
    const plan = await stage('2026-11-23T02:00:00Z', ACTION, elsewhere);
    const { findingsByKind } = await writeAudit(deps(), plan, 0);
    expect(findingsByKind.unknown_to_us).toBe(0);
  });

  it('is unknown where only another event type has that order id', async () => {
    const signups = { ...elsewhere, actionId: '3', actionTrackerId: 68_897 };
    const plan = await stage('2026-11-23T03:00:00Z', ACTION, elsewhere, signups);
    const { findingsByKind } = await writeAudit(deps(), plan, 0);
    expect(findingsByKind.unknown_to_us).toBe(1);
  });
});

describe('the plan of an audit', () => {
  it('adds a day at each end, and no listing exceeds 45 days', async () => {
    const plan = await planAudit(deps(), undefined, new Date('2026-11-23T00:00:00Z'));
    expect(plan).toEqual({
      auditId: '2026-10-11T00:00:00.000Z/2026-11-23T00:00:00.000Z@2026-11-23T00:00:00.000Z',
      begunAt: '2026-11-23T00:00:00.000Z',
      from: '2026-10-11T00:00:00.000Z',
      to: '2026-11-23T00:00:00.000Z',
      listings: [{ campaignId: 48_046, from: '2026-10-10T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z' }],
    });
  });
});
