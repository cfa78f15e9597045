import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Part } from '../part.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Cost = Record<
  'actions' | 'events' | 'historyBytes' | 'apiOperations' | 'workerOperations' | 'impactRequests',
  number
>;
type Costs = Record<string, Cost>;

/** The test counts (test/end-to-end/cost.test.ts), so that there is one way to count. */
export const cost: Part = {
  about:
    'Actions, events, bytes, MongoDB operations and Impact requests of every path, beside docs/cost.json',
  async run(report) {
    const recorded = await readCosts(join(ROOT, 'docs/cost.json'));
    for (const [path, cost] of Object.entries(await count()))
      report.row({
        work: `${path}: Temporal Actions`,
        unit: 'count',
        measured: cost.actions,
        goal: { atMost: recorded[path]?.actions ?? 0 },
        note: inWords(cost),
      });
  },
};

function inWords({ events, historyBytes, apiOperations, workerOperations, impactRequests }: Cost): string {
  const history = `${events} events, ${historyBytes.toLocaleString('en')} bytes`;
  const mongo = `MongoDB: API ${apiOperations}, worker ${workerOperations}`;
  return `${history}; ${mongo}; Impact (sandbox): ${impactRequests}`;
}

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
