import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Adjustment } from '../../src/domain/adjustment.js';
import { countParkedByReason } from '../../src/ledger/count-parked.js';
import { listConversions } from '../../src/ledger/list-conversions.js';
import type { Database } from '../../src/mongo.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const adjustment = (id: string, own: Partial<Adjustment>): Adjustment => ({
  id,
  kind: 'amount',
  reason: 'OTHER',
  status: 'confirmed',
  requestedAt: new Date(),
  requestedBy: 'shop',
  ...own,
});
const locked = { status: 'parked', parkReason: 'action_locked' } as const;

it('counts what the list of parked conversions has, each once, by the reason that an operator sees', async () => {
  await insertPending(db, { status: 'parked', reason: 'impact_refused' });
  await insertPending(db, {
    status: 'parked',
    reason: 'impact_refused',
    adjustments: [adjustment('1', locked)],
  });
  await insertPending(db, {
    status: 'confirmed',
    adjustments: [adjustment('1', {}), adjustment('2', locked)],
  });
  await insertPending(db, {
    status: 'confirmed',
    adjustments: [
      adjustment('1', { status: 'parked', parkReason: 'impact_refused' }),
      adjustment('2', locked),
    ],
  });
  await insertPending(db, { status: 'confirmed', adjustments: [adjustment('1', {})] });
  await insertPending(db, {});

  const counts = await countParkedByReason(db);
  expect(counts).toEqual([
    { reason: 'impact_refused', count: 3 },
    { reason: 'action_locked', count: 1 },
  ]);
  const { conversions } = await listConversions(db, { status: 'parked' }, { limit: 100 });
  expect(conversions).toHaveLength(4);
});
