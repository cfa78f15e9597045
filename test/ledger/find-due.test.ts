import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDue } from '../../src/ledger/find-due.js';
import type { Database } from '../../src/mongo.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

it('a sale and a refund do not wait behind a burst of signups, and each kind comes oldest first', async () => {
  const at = (second: number) => new Date(second * 1_000);
  for (let index = 0; index < 5; index += 1)
    await insertPending(db, { _id: `signup:${index}`, payload: {}, createdAt: at(index) });
  for (const [id, second] of [
    ['late', 9],
    ['early', 8],
  ] as const)
    await insertPending(db, { _id: `sale_subscription:${id}`, createdAt: at(second) });
  const reversal = {
    id: 'r',
    kind: 'reversal',
    reason: 'OTHER',
    status: 'pending',
    requestedBy: 'shop',
  } as const;
  await insertPending(db, {
    _id: 'sale_subscription:refunded',
    status: 'confirmed',
    createdAt: at(10),
    adjustments: [{ ...reversal, requestedAt: at(11) }],
  });
  const due: string[] = [];
  for await (const { _id } of findDue(db, new Date())) due.push(_id.split(':')[1] ?? '');
  expect(due).toEqual(['early', '0', 'refunded', 'late', '1', '2', '3', '4']);
});
