import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, hostsOf } from '../src/mongo.js';
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

it('ends a transaction that is in conflict until its deadline with a code, and writes nothing of it', async () => {
  const [held, fresh] = [`user_${randomUUID()}`, `user_${randomUUID()}`];
  const now = new Date();
  await db.users.create({ clerkId: held, createdAt: now, updatedAt: now });
  const holder = await db.users.db.startSession();
  holder.startTransaction();
  await db.users.updateOne({ clerkId: held }, { updatedAt: new Date() }, { session: holder });
  const conflicting = db.transaction(async (session) => {
    await db.users.create([{ clerkId: fresh, createdAt: now, updatedAt: now }], { session });
    await db.users.updateOne({ clerkId: held }, { updatedAt: new Date() }, { session });
  }, 0);
  await expect(conflicting).rejects.toMatchObject({ name: 'DomainError', code: 'database_unavailable' });
  await holder.abortTransaction();
  await holder.endSession();
  expect(await db.users.countDocuments({ clerkId: fresh })).toBe(0);
});

it('ends a transaction that meets the same duplicate again and again with a code', async () => {
  const user = { clerkId: `user_${randomUUID()}`, createdAt: new Date(), updatedAt: new Date() };
  await db.users.create(user);
  const duplicating = db.transaction((session) => db.users.create([user], { session }));
  await expect(duplicating).rejects.toMatchObject({ name: 'DomainError', code: 'database_unavailable' });
});

it.each([
  ['mongodb://127.0.0.1:1/x', '127.0.0.1:1'],
  ['mongodb://kim:secret@a.example:1,b.example:2/x?replicaSet=rs0', 'a.example:1,b.example:2'],
  ['mongodb+srv://kim:se@cr/et@db.example.com', 'db.example.com'],
  ['mongodb://db.example.com?replicaSet=rs0', 'db.example.com'],
])('names the hosts of an address, and no password: %s', (uri, hosts) => {
  expect(hostsOf(uri)).toBe(hosts);
});
