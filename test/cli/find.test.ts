import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const find = (...args: string[]) => runInShell(['find', ...args], { environment });

describe('find', () => {
  it('says what the text is, lists the one conversion, and explains it', async () => {
    const { _id } = await insertPending(db, { _id: 'sale_subscription:F-1' });
    const { exitCode, stdout } = await find(' F-1 ');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^F-1 is an order\.$/m);
    expect(stdout).toMatch(new RegExp(`^${_id} +pending`, 'm'));
    expect(stdout).toMatch(new RegExp(`^conversion +${_id}$`, 'm'));
    expect(stdout).toMatch(/^window +inside: it closes 30 days after the click/m);
  });

  it('lists several, and ends with the command that explains one', async () => {
    const attribution = impactClick('c:1', new Date('2025-03-01'));
    const older = await insertPending(db, { attribution, createdAt: new Date(1_000) });
    const newer = await insertPending(db, { attribution, createdAt: new Date(2_000) });
    const { stdout } = await find('c:1');
    expect(stdout).toMatch(/^c:1 is a click: the conversions that are credited to it/m);
    expect(stdout.indexOf(newer._id)).toBeLessThan(stdout.indexOf(older._id));
    expect(stdout).not.toMatch(/^conversion +/m);
    const [, why = ''] = /^To see why, and what to do: conversions (.*)$/m.exec(stdout) ?? [];
    const explained = await runInShell(why.split(' '), { environment });
    expect(explained.stdout).toMatch(new RegExp(`^conversion +${newer._id}$`, 'm'));
  });

  it('ends with 1 where it finds none, and prints no control characters', async () => {
    const { exitCode, stdout } = await find('a\u001b[2J\u202e');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: 'This service knows nothing of a\\u001b[2J\\u202e.',
    });
  });

  it('is one object for scripts', async () => {
    await insertPending(db, { _id: 'sale_subscription:F-2' });
    const { stdout } = await find('F-2', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      foundBy: 'orderId',
      conversions: [{ conversionId: 'sale_subscription:F-2' }],
      hasMore: false,
    });
  });

  it('knows the orders of the programme that PROGRAMME_FILE names', async () => {
    await insertPending(db, { _id: 'sale:F-3' });
    const own = { ...environment, PROGRAMME_FILE: 'examples/programme.json' };
    expect((await find('F-3')).exitCode).toBe(1);
    expect((await runInShell(['find', 'F-3'], { environment: own })).exitCode).toBe(0);
  });
});
