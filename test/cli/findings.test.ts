import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/mongo.js';
import { keptFinding } from '../support/kept-finding.js';
import { freshMongoUri } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';
import { runInShell } from '../support/shell.js';

// MongoDB alone: neither command needs Temporal.
const environment = { MONGODB_URI: freshMongoUri(), TEMPORAL_ADDRESS: '127.0.0.1:1' };
const OPEN = 'amount_differs:99999:A-1';

let db: Database;
let directory: string;

beforeAll(async () => {
  db = await openDatabase(environment.MONGODB_URI);
  directory = await mkdtemp(join(tmpdir(), 'affiliate-findings-'));
  const later = new Date('2026-11-24T00:00:00Z');
  await db.findings.insertMany([
    keptFinding('amount_differs', 'A-1'),
    keptFinding('twice', 'A-2', { firstSeenAt: later }),
    keptFinding('twice', 'A-3', { state: 'acknowledged' }),
    keptFinding('not_credited', 'A-5', { firstSeenAt: new Date('2026-11-25T00:00:00Z') }),
    keptFinding('twice', 'A-4', { state: 'closed', closedAt: later }),
  ]);
});
afterAll(async () => {
  await db.close();
  await rm(directory, { recursive: true });
});

const audit = (...args: string[]) => runInShell(['audit', ...args], { environment });

async function idsOf(...args: string[]): Promise<string[]> {
  const { exitCode, stdout, stderr } = await audit('--findings', '--json', ...args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout).findings.map(({ findingId }: { findingId: string }) => findingId);
}

describe('audit --findings', () => {
  it('lists the open differences first, newest first, and the command that acknowledges the first', async () => {
    const { exitCode, stdout } = await audit('--findings');
    expect(exitCode).toBe(0);
    const [, first, second, third, ...rest] = stdout.split('\n');
    expect(first).toMatch(/^twice:99999:A-2 +open/);
    expect(second).toMatch(/^amount_differs:99999:A-1 +open/);
    expect(third).toMatch(/^not_credited:99999:A-5 +open/);
    expect(rest).toEqual([
      '',
      'If one may stay as it is: conversions audit --acknowledge twice:99999:A-2 --reason why',
    ]);
  });

  it.each([
    ['open', ['twice:99999:A-2', OPEN, 'not_credited:99999:A-5']],
    ['acknowledged', ['twice:99999:A-3']],
    ['closed', ['twice:99999:A-4']],
    ['all', ['twice:99999:A-2', 'twice:99999:A-4', 'twice:99999:A-3', OPEN, 'not_credited:99999:A-5']],
  ])('lists those in the state %s', async (state, expected) => {
    expect(await idsOf('--state', state)).toEqual(expected);
  });

  it('writes all of them to a file', async () => {
    const csv = join(directory, 'findings.csv');
    await audit('--findings', '--state', 'all', '--csv', csv);
    expect((await readFile(csv, 'utf8')).split('\r\n')).toHaveLength(1 + 5 + 1);
  });
});

describe('audit --acknowledge', () => {
  it('keeps who has looked, when, and why', async () => {
    const before = new Date();
    const { exitCode, stdout } = await audit('--acknowledge', OPEN, '--reason', 'settled', '--by', 'lou');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Acknowledged ${OPEN}.`);
    expect(stdout).toContain('conversions audit --findings');
    const { state, acknowledgements } = await db.findings.findById(OPEN).orFail().lean();
    expect({ state, acknowledgements }).toEqual({
      state: 'acknowledged',
      acknowledgements: [{ at: expect.any(Date), by: 'lou', reason: 'settled' }],
    });
    expect(Number(acknowledgements[0]?.at)).toBeGreaterThanOrEqual(Number(before));
  });

  it.each([
    ['twice:99999:none', 'No audit has met a finding "twice:99999:none"'],
    ['twice:99999:A-4', 'is closed'],
  ])('is refused for %s', async (id, message) => {
    const { exitCode, stdout, stderr } = await audit('--acknowledge', id, '--reason', 'settled');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('explain', () => {
  it('shows what audits have found about the conversion, and is not closed', async () => {
    await insertPending(db, { _id: 'sale_subscription:A-2', status: 'confirmed' });
    const { stdout } = await runInShell(['explain', 'sale_subscription:A-2'], { environment });
    expect(stdout).toMatch(/^twice:99999:A-2 +open +.*-1\.00 USD/m);
    const { stdout: json } = await runInShell(['explain', 'sale_subscription:A-2', '--json'], {
      environment,
    });
    expect(JSON.parse(json).findings).toMatchObject([{ findingId: 'twice:99999:A-2', state: 'open' }]);
  });
});

describe('arguments that make no sense together', () => {
  it.each([
    ['', 'Which days? Give --from and --to'],
    ['--from 2026-11-01', 'Which days?'],
    ['--from 2026-11-01 --to 2026-11-02 --state open', '--state goes with --findings'],
    ['--from 2026-11-01 --to 2026-11-02 --reason why', '--reason goes with --acknowledge'],
    ['--findings --from 2026-11-01', '--from and --to are for an audit'],
    ['--findings --reason why', '--reason goes with --acknowledge'],
    ['--findings --state stuck', 'Allowed choices are open, acknowledged, closed, all'],
    ['--acknowledge a:1:b', 'Give --reason'],
    ['--acknowledge a:1:b --reason why --findings', '--acknowledge is for one finding'],
    ['--acknowledge a:1:b --reason why --state open', '--acknowledge is for one finding'],
    ['--acknowledge a:1:b --reason why --csv x.csv', '--acknowledge is for one finding'],
    ['--acknowledge a:1:b --reason why --to 2026-11-01', '--from and --to are for an audit'],
    [`--acknowledge a:1:b --reason ${'x'.repeat(501)}`, 'It has more than 500 characters'],
  ])('are refused: audit %s', async (line, expected) => {
    const { exitCode, stdout, stderr } = await audit(...line.split(' ').filter(Boolean));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(expected);
  });
});
