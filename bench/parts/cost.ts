import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Part } from '../part.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Costs = Record<string, Record<'actions' | (typeof OTHERS)[number][0], number>>;

const OTHERS = [
  ['events', 'events'],
  ['historyBytes', 'bytes of history'],
  ['apiOperations', 'MongoDB operations of the API'],
  ['workerOperations', 'of the worker'],
  ['impactRequests', 'requests to Impact (sandbox)'],
] as const;

/** The test counts (test/end-to-end/cost.test.ts), so that there is one way to count. */
export const cost: Part = {
  about:
    'Actions, events, bytes, MongoDB operations and Impact requests of every path, beside docs/cost.json',
  async run(report) {
    const recorded = await readCosts(join(ROOT, 'docs/cost.json'));
    for (const [path, { actions, ...others }] of Object.entries(await count()))
      report.row({
        work: `${path}: Temporal Actions`,
        unit: 'count',
        measured: actions,
        goal: { atMost: recorded[path]?.actions ?? 0 },
        note: OTHERS.map(([name, words]) => `${others[name].toLocaleString('en')} ${words}`).join(', '),
      });
  },
};

async function count(): Promise<Costs> {
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-cost-'));
  const file = join(directory, 'cost.json');
  try {
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', 'test/end-to-end/cost.test.ts'];
    const env = { ...process.env, COST_FILE: file };
    await promisify(execFile)(process.execPath, vitest, { cwd: ROOT, env });
    return await readCosts(file);
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function readCosts(path: string): Promise<Costs> {
  return JSON.parse(await readFile(path, 'utf8')) as Costs;
}
