import { afterAll, beforeAll, expect, test } from 'vitest';
import { walkWindow } from '../../src/ledger/walk-conversions.js';
import type { Database } from '../../src/mongo.js';
import { openFreshDatabase } from '../support/mongo.js';

/** More than one batch of the cursor. */
const COUNT = 1_500;
const START = Date.parse('2026-11-02T00:00:00Z');
const WINDOW = { from: new Date(START), to: new Date(START + COUNT) };

const idOf = (index: number) => `sale_subscription:${index}`;

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
  const conversions = Array.from({ length: COUNT + 1 }, (_, index) => ({
    _id: idOf(index),
    campaignEventId: 'sale_subscription',
    userId: '65f000000000000000000001',
    occurredAt: new Date(START + index),
    payload: {},
    attribution: null,
    status: index % 2 === 0 ? ('submitted' as const) : ('parked' as const),
    timeline: [],
    createdAt: new Date(),
    updatedAt: new Date(),
  }));
  await db.conversions.insertMany(conversions);
});
afterAll(() => db.close());

test('a walk meets the oldest conversion first', async () => {
  const met: string[] = [];
  for await (const { _id } of walkWindow(db, WINDOW)) met.push(_id);
  expect(met).toEqual(Array.from({ length: COUNT }, (_, index) => idOf(index)));
});

test('a walk meets a conversion once, although its status changes meanwhile', async () => {
  const met: string[] = [];
  for await (const { _id } of walkWindow(db, WINDOW)) {
    met.push(_id);
    if (met.length === 1_000) await db.conversions.updateMany({ status: 'parked' }, { status: 'submitted' });
  }
  expect(met).toEqual(Array.from({ length: COUNT }, (_, index) => idOf(index)));
});
