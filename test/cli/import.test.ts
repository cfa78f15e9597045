import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DEVELOPMENT_USER_ID_KEY } from '../../dev/environment.js';
import { type Database, openDatabase } from '../../src/mongo.js';
import { freshMongoUri } from '../support/mongo.js';
import { runInShell } from '../support/shell.js';
import { userIdOf } from '../support/user-id.js';

const environment = { MONGODB_URI: freshMongoUri(), USER_ID_KEY: DEVELOPMENT_USER_ID_KEY };
let db: Database;
let directory: string;

beforeAll(async () => {
  db = await openDatabase(environment.MONGODB_URI);
  directory = await mkdtemp(join(tmpdir(), 'affiliate-import-'));
});
afterAll(async () => {
  await db.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => db.users.deleteMany());

async function fileOf(text: string): Promise<string> {
  const file = join(directory, randomUUID());
  await writeFile(file, text);
  return file;
}

async function importText(text: string, ...options: string[]) {
  return runInShell(['import', await fileOf(text), ...options], { environment });
}

const stored = (clerkId: string) => db.users.findOne({ clerkId }).lean();
const countUsers = () => db.users.countDocuments();

const KIM = {
  _id: userIdOf('user_kim'),
  clerkId: 'user_kim',
  attribution: { impact: { clickId: 'a:b', capturedAt: new Date('2026-01-30T08:00:00Z') } },
  attributionHistory: [{ clickId: 'a:b', capturedAt: new Date('2026-01-30T08:00:00Z') }],
  createdAt: new Date('2026-01-31T12:00:00Z'),
};
const CELLS = ['user_kim', '2026-01-31T12:00:00Z', 'a:b', '2026-01-30T08:00:00Z'];

describe('import --yes', () => {
  it.each([
    ['CSV', `clerkId,signedUpAt,clickId,capturedAt\n${CELLS.join(',')}\n`],
    [
      'CSV with semicolons, quotes and lines of Windows',
      `"clerkId";signedUpAt;clickId;capturedAt\r\n${CELLS.map((cell) => `"${cell}"`).join(';')}\r\n`,
    ],
    [
      'CSV as mongoexport writes it',
      `clerkId,createdAt,attribution.impact.clickId,attribution.impact.capturedAt\n${CELLS.join(',')}\n`,
    ],
    [
      'CSV with the columns in another order',
      `capturedAt,clickId,signedUpAt,clerkId\n${CELLS.toReversed().join(',')}\n`,
    ],
    [
      'NDJSON',
      '{"clerkId":"user_kim","signedUpAt":"2026-01-31T12:00:00Z","attribution":{"impact":{"clickId":"a:b","capturedAt":"2026-01-30T08:00:00Z"}}}\n',
    ],
  ])('reads %s', async (_what, text) => {
    const { exitCode, stdout } = await importText(text, '--yes');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'Imported 1 user. 0 lines of known users.',
    });
    expect(await stored('user_kim')).toMatchObject(KIM);
  });

  it('makes no signup', async () => {
    await importText('clerkId\nuser_kim\n', '--yes');
    expect(await db.conversions.countDocuments()).toBe(0);
  });

  it('imports a user without a click, and of now, where the cells are empty', async () => {
    const before = new Date();
    await importText('clerkId,signedUpAt,clickId,capturedAt\nuser_kim,,,\n', '--yes');
    const user = await stored('user_kim');
    expect(user).not.toHaveProperty('attribution');
    expect(user?.createdAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
  });

  it('leaves broken lines out, names them by their numbers, and imports the others', async () => {
    const text = [
      'clerkId,signedUpAt,clickId,capturedAt',
      'user_1,,,',
      ',,,',
      'user_2,yesterday,,',
      'user_3,,abc,',
      'user_4,"2026-01-01T00:00:00Z,,',
      'user_5',
      'user_6,,,',
    ].join('\n');
    const { exitCode, stdout, stderr } = await importText(text, '--yes');
    expect(exitCode).toBe(1);
    expect(stdout).toBe('Imported 2 users. 0 lines of known users. 5 refused lines left out.');
    expect(stderr).toMatch(/line 3: .*clerkId/);
    expect(stderr).toMatch(/line 4: .*signedUpAt/);
    expect(stderr).toMatch(/line 5: .*attribution\.impact\.capturedAt/);
    expect(stderr).toMatch(/line 6: Quote Not Closed/);
    expect(stderr).toMatch(/line 7: The line has 1 cells, and the line of titles 4\./);
    expect((await db.users.find().lean()).map(({ clerkId }) => clerkId).sort()).toEqual(['user_1', 'user_6']);
  });

  it('again changes nothing', async () => {
    await importText('clerkId\nuser_1\n', '--yes');
    const before = await stored('user_1');
    const { exitCode, stdout } = await importText(
      'clerkId,signedUpAt\nuser_1,2026-01-01T00:00:00Z\n',
      '--yes',
    );
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('0 new users'),
    });
    expect(await stored('user_1')).toEqual(before);
  });

  it('as JSON has the numbers, and the first refused lines', async () => {
    const { stdout } = await importText('clerkId\nuser_1\n"\n', '--yes', '--json');
    expect(JSON.parse(stdout)).toEqual({
      created: 1,
      unchanged: 0,
      refused: 1,
      refusals: [{ line: 3, code: 'malformed_csv', detail: expect.any(String) }],
    });
  });
});

describe('the preview', () => {
  it('counts new, known and refused lines, and imports nothing', async () => {
    await importText('clerkId\nuser_1\n', '--yes');
    const text = `clerkId\nuser_1\nuser_2\nuser_3\n${'"\n'.repeat(12)}`;
    const { exitCode, stdout } = await importText(text, '--preview');
    expect(exitCode).toBe(1);
    const [counts, ...refused] = stdout.split('\n');
    expect(counts).toMatch(/: 2 new users, 1 line of known users, who stay as they are, 12 refused lines\.$/);
    expect(refused).toHaveLength(11);
    expect(refused.at(-1)).toBe('  and 2 more');
    expect(await countUsers()).toBe(1);
  });

  it.each([
    ['y', 0, 1],
    ['n', 1, 0],
  ])('is followed by a question, of which the answer %s decides', async (answer, exitCode, users) => {
    const file = await fileOf('clerkId\nuser_1\n');
    const result = await runInShell(['import', file], { environment, answer });
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain('Import 1 user, without a signup? [y/N]');
    expect(await countUsers()).toBe(users);
  });

  it('is all that happens without a terminal and --yes', async () => {
    const { exitCode, stderr } = await importText('clerkId\nuser_1\n');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('say --yes') });
    expect(await countUsers()).toBe(0);
  });

  it('says that the key makes other ids than those of the users', async () => {
    await importText('clerkId\nuser_1\n', '--yes');
    const file = await fileOf('clerkId\nuser_2\n');
    const other = { ...environment, USER_ID_KEY: 'another key of at least 32 characters' };
    expect((await runInShell(['import', file, '--yes'], { environment: other })).stderr).toContain(
      'it is not the key of the API',
    );
    expect((await importText('clerkId\nuser_3\n', '--yes')).stderr).not.toContain('the key');
  });
});

describe('the progress', () => {
  /** What an import of two lines draws. */
  async function drawnOn(isTTY: boolean): Promise<string> {
    const screen = Object.assign(new PassThrough(), { isTTY });
    const file = await fileOf('clerkId\nuser_1\nuser_2\n');
    await runInShell(['import', file, '--yes'], { environment, screen });
    screen.end();
    return readAll(screen);
  }

  it('is drawn on a terminal, up to the last line', async () => {
    expect(await drawnOn(true)).toContain('2 of 2 lines');
  });

  it('is drawn nowhere else', async () => {
    expect(await drawnOn(false)).toBe('');
  });
});

describe('a file is refused with what to do', () => {
  it.each([
    [
      'that has an unknown column',
      'clerkId,email\na,b\n',
      'a column "email". Known columns: clerkId, signedUpAt',
    ],
    ['without the column clerkId', 'clickId,capturedAt\na,b\n', 'needs one column clerkId'],
    ['with two columns for one value', 'clerkId,createdAt,signedUpAt\na,,\n', 'each of the others once'],
    ['whose first line is broken', '"clerkId\n', 'the first line is not readable. Quote Not Closed'],
  ])('%s', async (_what, text, expected) => {
    const { exitCode, stderr } = await importText(text, '--yes');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(expected) });
  });

  it('that is not there', async () => {
    const { exitCode, stderr } = await runInShell(['import', '/no/such.csv'], { environment });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '/no/such.csv is not readable: ENOENT' });
  });

  it('where the key is missing', async () => {
    const { MONGODB_URI } = environment;
    const file = await fileOf('clerkId\nuser_1\n');
    const { exitCode, stderr } = await runInShell(['import', file], { environment: { MONGODB_URI } });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('USER_ID_KEY: is missing'),
    });
  });
});
