import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../.ci/only-the-ledger', import.meta.url));

/** Runs the check on a tree that has this line in a file of its own. */
function check(file: string, line: string) {
  const root = mkdtempSync(join(tmpdir(), 'affiliate-test-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of ['src/ledger', 'src/users', 'activities', 'workflows', 'capture', 'examples'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, file), `${line}\n`);
  return spawnSync(SCRIPT, [root], { encoding: 'utf8' });
}

describe('the check that only the ledger uses the collection conversions', () => {
  it.each([
    'await db.conversions.updateOne({ _id }, { $set: { status } });',
    'await deps.db.conversions.findById(id).lean();',
    'const { conversions } = db;',
    'export function find({ conversions }: Database) {}',
    "connection.collection('conversions').deleteMany({});",
    'const model = createConversionModel(connection);',
  ])('finds it anywhere else: %s', (line) => {
    const { status, stdout } = check('src/users/sync-user.ts', line);
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringContaining(`src/users/sync-user.ts:1:${line}`),
    });
    expect(check('activities/report.ts', line).status).toBe(1);
  });

  it('leaves the ledger alone', () => {
    expect(check('src/ledger/resume.ts', 'await db.conversions.updateOne({}, {});').status).toBe(0);
  });

  it.each(['taskQueue: TASK_QUEUES.conversions,', 'metrics?.conversions.inc({ event });'])(
    'takes nothing else for it: %s',
    (line) => {
      expect(check('src/users/sync-user.ts', line).status).toBe(0);
    },
  );

  it('holds for the project', () => {
    expect(spawnSync(SCRIPT, { encoding: 'utf8' }).stdout).toBe('');
  });
});
