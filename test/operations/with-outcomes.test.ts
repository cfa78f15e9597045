import { afterAll, beforeAll, expect, it } from 'vitest';
import { FINDINGS } from '../../src/domain/findings.js';
import { listConversions } from '../../src/ledger/list-conversions.js';
import type { Database } from '../../src/mongo.js';
import { explainConversion } from '../../src/operations/explain-conversion.js';
import { withOutcomes } from '../../src/operations/with-outcomes.js';
import { keptFinding } from '../support/kept-finding.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';

let db: Database;
beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const BEFORE = new Date('2026-11-20T00:00:00Z');
const AUDIT = new Date('2026-11-21T03:00:00Z');
const AFTER = new Date('2026-11-22T00:00:00Z');

/** @returns the outcome in a list, and in the conversion's own answer */
async function outcomesOf(orderId: string, kind: keyof typeof FINDINGS, updatedAt: Date, state = 'open') {
  const _id = `sale_subscription:${orderId}`;
  const userId = `user of ${orderId}`;
  const conversion = await insertPending(db, { _id, userId, status: 'confirmed', updatedAt });
  const finding = keptFinding(kind, orderId, { lastSeenAt: AUDIT, state: state as never });
  await db.findings.create(finding);
  const { conversions } = await listConversions(db, { userId }, { limit: 1 });
  const [row] = await withOutcomes(db, conversions);
  return [row?.outcome, explainConversion(conversion, state === 'closed' ? [] : [finding]).outcome];
}

it.each(['not_credited', 'missing_at_impact', 'state_changed', 'not_reversed'] as const)(
  'an audit that found %s says who is paid, in place of the status',
  async (kind) => {
    const { outcome } = FINDINGS[kind];
    expect(await outcomesOf(kind, kind, BEFORE)).toEqual([outcome, outcome]);
  },
);

it('an acknowledged finding still says it', async () => {
  const { outcome } = FINDINGS.not_credited;
  expect(await outcomesOf('known', 'not_credited', BEFORE, 'acknowledged')).toEqual([outcome, outcome]);
});

it.each([
  ['a finding of another kind', 'amount_differs', BEFORE, 'open'],
  ['a finding that is older than the last step', 'not_credited', AFTER, 'open'],
  ['a closed finding', 'not_credited', BEFORE, 'closed'],
] as const)('%s leaves the outcome to the status', async (title, kind, updatedAt, state) => {
  const outcome = 'Impact accepted it.';
  expect(await outcomesOf(title, kind, updatedAt, state)).toEqual([outcome, outcome]);
});
