import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Line } from '../../src/domain/lines.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { UserToImport } from '../../src/domain/user-to-import.js';
import type { Database } from '../../src/mongo.js';
import { eraseUser } from '../../src/users/erase-user.js';
import { type ImportedLine, importUsers, previewImport } from '../../src/users/import-users.js';
import { openFreshDatabase } from '../support/mongo.js';
import { userIdOf } from '../support/user-id.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const deps = () => ({ db, programme, userIdOf });
const newUsers = (count: number) =>
  Array.from({ length: count }, () => ({ clerkId: `user_${randomUUID()}` }));

async function* linesOf(users: Iterable<UserToImport>): AsyncGenerator<Line<UserToImport>> {
  let line = 0;
  for (const value of users) yield { line: ++line, value };
}

async function resultsOf(batches: AsyncIterable<ImportedLine[]>) {
  const all: ImportedLine[] = [];
  for await (const batch of batches) all.push(...batch);
  return all.map(({ result }) => result);
}

describe('a preview', () => {
  it('has the results that the import then has, and writes nothing', async () => {
    const [known, fresh, twice] = newUsers(3) as [UserToImport, UserToImport, UserToImport];
    await resultsOf(importUsers(deps(), linesOf([known])));
    const before = await db.users.countDocuments();
    const users = [known, fresh, twice, { ...twice }];
    const expected = await resultsOf(previewImport(deps(), linesOf(users)));
    expect(expected).toEqual(['unchanged', 'created', 'created', 'unchanged']);
    expect(await db.users.countDocuments()).toBe(before);
    expect(await resultsOf(importUsers(deps(), linesOf(users)))).toEqual(expected);
  });

  it('counts a user once whom lines far from each other name', async () => {
    const users = newUsers(1_500);
    const results = await resultsOf(previewImport(deps(), linesOf([...users, ...users])));
    expect(results.filter((result) => result === 'created')).toHaveLength(1_500);
  });
});

describe('a person who was erased', () => {
  it.each([
    ['without a time', undefined, 'refused'],
    ['of before', new Date('2026-01-01'), 'refused'],
    ['of a later signup', new Date(Date.now() + 60_000), 'created'],
  ])('does not come back with an old file: a line %s', async (_what, signedUpAt, result) => {
    const [user] = newUsers(1) as [UserToImport];
    await resultsOf(importUsers(deps(), linesOf([user])));
    await eraseUser(deps(), user.clerkId);
    const line = { ...user, signedUpAt };
    for (const run of [previewImport, importUsers])
      expect(await resultsOf(run(deps(), linesOf([line])))).toEqual([result]);
    expect(await db.users.countDocuments({ clerkId: user.clerkId })).toBe(result === 'created' ? 1 : 0);
  });
});

describe('an import', () => {
  it('reads no further than its caller takes the results', async () => {
    let read = 0;
    function* endless() {
      for (;;) {
        read += 1;
        yield* newUsers(1);
      }
    }
    const batches = importUsers(deps(), linesOf(endless()));
    await batches.next();
    expect(read).toBe(1_000);
    await batches.return(undefined);
  });

  it('of a user whom another request inserts at the same moment is no error', async () => {
    const users = newUsers(500);
    const all = await Promise.all(
      Array.from({ length: 4 }, () => resultsOf(importUsers(deps(), linesOf(users)))),
    );
    expect(all.flat().filter((result) => result === 'created')).toHaveLength(500);
    const clerkIds = users.map(({ clerkId }) => clerkId);
    expect(await db.users.countDocuments({ clerkId: { $in: clerkIds } })).toBe(500);
  });

  it('that MongoDB does not take is an error, and no line is said to be there', async () => {
    const away = await openFreshDatabase();
    await away.close();
    await expect(resultsOf(importUsers({ ...deps(), db: away }, linesOf(newUsers(1))))).rejects.toThrow();
  });
});
