import { afterAll, beforeAll, expect, it } from 'vitest';
import { impactClick } from '../../src/domain/attribution.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { Database } from '../../src/mongo.js';
import { conversionsCsv } from '../../src/operations/conversions-csv.js';
import type { ConversionQuery } from '../../src/operations/query-conversions.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending, pendingConversion } from '../support/pending-conversion.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const AT = new Date('2026-11-17T08:00:00Z');
const TIMES = { occurredAt: AT, createdAt: AT, updatedAt: AT };
const TIME = '2026-11-17T08:00:00.000Z';

async function linesOf(query: ConversionQuery) {
  const parts: string[] = [];
  for await (const part of conversionsCsv({ db, programme }, query)) parts.push(part);
  return { parts, lines: parts.join('').split('\r\n').slice(0, -1) };
}

it('a sale has its order, its click, and the amount that holds', async () => {
  const changed = { id: 'c1', kind: 'amount', reason: 'ORDER_UPDATE', status: 'confirmed' } as const;
  const adjustments = [{ ...changed, totalAmountCents: 1900, requestedAt: AT, requestedBy: 'shop' }];
  await insertPending(db, {
    _id: 'sale_subscription:A-1',
    payload: { orderId: 'A-1', totalAmountCents: 4900, currency: 'USD' },
    attribution: impactClick('=click', AT),
    userId: 'u1',
    status: 'confirmed',
    adjustments,
    ...TIMES,
  });
  expect((await linesOf({ userId: 'u1' })).lines).toEqual([
    'conversion_id,event,status,reason,outcome,occurred_at,order_id,click_id,amount,currency,user_id,created_at,updated_at',
    `sale_subscription:A-1,sale_subscription,confirmed,,Impact accepted it.,${TIME},A-1,"'=click",19.00,USD,u1,${TIME},${TIME}`,
  ]);
});

it('a conversion of an event that has left the programme has no amount, and the order id it was sent with', async () => {
  const submission = { state: 'queued', orderId: 'B-1', attempts: 1, sentAt: AT } as const;
  const old = { _id: 'old:B-1', campaignEventId: 'old', userId: 'u2', attribution: null };
  await insertPending(db, { ...old, status: 'confirmed', submission, ...TIMES });
  expect((await linesOf({ userId: 'u2' })).lines.slice(1)).toEqual([
    `old:B-1,old,confirmed,,Impact accepted it.,${TIME},B-1,,,,u2,${TIME},${TIME}`,
  ]);
});

it('a list that is empty has its titles', async () => {
  expect((await linesOf({ userId: 'nobody' })).lines).toHaveLength(1);
});

it('a long list is read in parts, has each conversion once, and its titles once', async () => {
  const userId = 'u-many';
  const all = Array.from({ length: 1_200 }, () => pendingConversion({ userId, ...TIMES }));
  // By the driver: mongoose would make a model of each.
  await db.conversions.collection.insertMany(all as never);
  const { parts, lines } = await linesOf({ userId });
  expect(parts).toHaveLength(2);
  const ids = lines.map((line) => line.split(',')[0]);
  expect(ids[0]).toBe('conversion_id');
  expect(ids).toHaveLength(1_201);
  expect(new Set(ids.slice(1))).toEqual(new Set(all.map(({ _id }) => _id)));
});
