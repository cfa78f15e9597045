import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../src/mongo.js';
import { openFreshDatabase } from './support/mongo.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

it('runs a transaction again that met a document which another had just inserted', async () => {
  const user = { clerkId: 'user_1', createdAt: new Date(), updatedAt: new Date() };
  await db.users.create(user);
  let runs = 0;
  const result = await db.transaction(async (session) => {
    runs += 1;
    if (runs === 1) await db.users.create([user], { session });
    return 'went through';
  });
  expect(result).toBe('went through');
});
