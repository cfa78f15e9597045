import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { impactClick } from '../../src/domain/attribution.js';
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

it('a list of a span, a click and an order goes on with the same filter', async () => {
  const attribution = impactClick('c:1', new Date('2025-03-01'));
  const sale = (second: number) =>
    insertPending(db, { attribution, occurredAt: new Date(`2025-03-04T00:00:0${second}Z`) });
  const [older, newer] = [await sale(1), await sale(2)];
  const filter = ['--from', '2025-03-04', '--to', '2025-03-04', '--click', 'c:1', '--limit', '1'];
  const { stdout } = await runInShell(['list', ...filter], { environment });
  expect(stdout).toContain(newer._id);
  const [, more = ''] = /^There are more: conversions (.*)$/m.exec(stdout) ?? [];
  const next = await runInShell(more.split(' '), { environment });
  expect(next.stdout).toContain(older._id);
  expect(next.stdout).not.toContain('There are more');

  const [, orderId = ''] = older._id.split(':');
  expect((await runInShell(['list', '--order', orderId], { environment })).stdout).toContain(older._id);
});

it('a list as CSV has all pages, and prints none', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-cli-'));
  const file = join(directory, 'parked.csv');
  const { exitCode, stdout } = await runInShell(
    ['list', '--status', 'parked', '--limit', '1', '--csv', file],
    { environment },
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect((await readFile(file, 'utf8')).split('\r\n')).toHaveLength(4);
  await rm(directory, { recursive: true });
});
