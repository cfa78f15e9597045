import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { Database } from '../../src/mongo.js';
import { toFilter } from '../../src/operations/query-conversions.js';
import { openFreshDatabase } from '../support/mongo.js';
import { userIdOf } from '../support/user-id.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const deps = () => ({ db, programme, userIdOf });

it('a user who was imported has the id of the document, and not the one that a new user would have', async () => {
  const times = { createdAt: new Date(), updatedAt: new Date() };
  const { _id } = await db.users.create({ clerkId: 'user_imported', ...times });
  expect(await toFilter(deps(), { clerkId: 'user_imported' })).toEqual({ userId: _id.toHexString() });
});

it('a user id of somebody else than the Clerk id finds nothing', async () => {
  const other = userIdOf('user_b').toHexString();
  expect(await toFilter(deps(), { clerkId: 'user_a', userId: other })).toMatchObject({ ids: [] });
  const same = userIdOf('user_a').toHexString();
  expect(await toFilter(deps(), { clerkId: 'user_a', userId: same })).toEqual({ userId: same });
});

it('a span must not end before it begins, nor be empty', async () => {
  const [earlier, later] = [new Date(1_000), new Date(2_000)];
  for (const occurredFrom of [earlier, later]) {
    const asked = toFilter(deps(), { occurredFrom, occurredTo: earlier });
    await expect(asked).rejects.toMatchObject({
      code: 'invalid_request',
      fields: [{ field: 'occurredTo', message: 'must be later than occurredFrom' }],
    });
  }
});
