import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/mongo.js';
import { freshMongoUri } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';
import { runInShell } from '../support/shell.js';

const environment = { MONGODB_URI: freshMongoUri() };
let db: Database;

beforeAll(async () => {
  db = await openDatabase(environment.MONGODB_URI);
});
afterAll(() => db.close());

it('the commands that a list ends with work as they are', async () => {
  const parked = { status: 'parked', reason: 'impact_refused' } as const;
  const older = await insertPending(db, { ...parked, createdAt: new Date(1_000) });
  const newer = await insertPending(db, { ...parked, createdAt: new Date(2_000) });
  await insertPending(db, { createdAt: new Date(1_500) });

  const { stdout } = await runInShell(['list', '--status', 'parked', '--limit', '1'], { environment });
  expect(stdout).toContain(newer._id);
  const [, more = ''] = /^There are more: conversions (.*)$/m.exec(stdout) ?? [];
  const [, why = ''] = /^To see why, and what to do: conversions (.*)$/m.exec(stdout) ?? [];

  const next = await runInShell(more.split(' '), { environment });
  expect(next.stdout).toContain(older._id);
  expect(next.stdout).not.toContain('There are more');
  const explained = await runInShell(why.split(' '), { environment });
  expect(explained.stdout).toMatch(new RegExp(`^conversion +${newer._id}$`, 'm'));
  expect(explained.stdout).toMatch(new RegExp(`: conversions retry ${newer._id}$`));
});
