import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Conversion } from '../../src/domain/conversion.js';
import { countConversions } from '../../src/ledger/count-conversions.js';
import type { Database } from '../../src/mongo.js';
import { openFreshDatabase } from '../support/mongo.js';
import { pendingConversion } from '../support/pending-conversion.js';

const NOW = new Date('2026-11-20T15:00:00Z');

let db: Database;

const at = (time: string) => new Date(`2026-11-${time}Z`);
const conversions: Partial<Conversion>[] = [
  { status: 'confirmed', createdAt: at('20T00:00:00') },
  { status: 'confirmed', createdAt: at('19T23:59:59') },
  { status: 'confirmed', createdAt: at('01T12:00:00') },
  { status: 'skipped', reason: 'no_attribution', createdAt: at('20T14:00:00') },
  { status: 'skipped', reason: 'no_attribution', createdAt: at('18T00:00:00') },
  { status: 'parked', reason: 'impact_refused', createdAt: at('17T23:59:59') },
  { status: 'reporting', reason: 'waits_for_parent', createdAt: at('19T10:00:00') },
  { status: 'reporting', createdAt: at('19T10:00:00') },
];

beforeAll(async () => {
  db = await openFreshDatabase();
  await db.conversions.insertMany(conversions.map((one) => pendingConversion(one)));
});
afterAll(() => db.close());

it('counts all conversions by status and reason, and those of each of the last UTC days', async () => {
  const { days, groups } = await countConversions(db, 3, NOW);
  expect(days).toEqual(['2026-11-18', '2026-11-19', '2026-11-20']);
  expect(groups).toHaveLength(5);
  expect(groups).toEqual(
    expect.arrayContaining([
      { status: 'confirmed', count: 3, perDay: [0, 1, 1] },
      { status: 'skipped', reason: 'no_attribution', count: 2, perDay: [1, 0, 1] },
      { status: 'parked', reason: 'impact_refused', count: 1, perDay: [0, 0, 0] },
      { status: 'reporting', reason: 'waits_for_parent', count: 1, perDay: [0, 1, 0] },
      { status: 'reporting', count: 1, perDay: [0, 1, 0] },
    ]),
  );
});

it("counts what a clock ahead of this one has recorded as today's", async () => {
  const { groups } = await countConversions(db, 1, at('19T23:59:59.500'));
  expect(groups).toContainEqual({ status: 'confirmed', count: 3, perDay: [2] });
});

it('counts nothing in an empty ledger', async () => {
  const empty = await openFreshDatabase();
  expect(await countConversions(empty, 2, NOW)).toEqual({ days: ['2026-11-19', '2026-11-20'], groups: [] });
  await empty.close();
});
