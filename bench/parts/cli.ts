import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../src/mongo.js';
import type { Part } from '../part.js';
import { startBenchMongod } from '../support/fixtures.js';
import { median } from '../support/median.js';

/** How long an operator waits for the commands that need no worker, in turn: as built, and from the sources. */
export const cli: Part = {
  about: 'the commands that need no worker, beside node and tsx alone',
  async run(report, { quick }) {
    const mongod = await startBenchMongod();
    // The service creates the collections and indexes.
    await (await openDatabase(mongod.uri)).close();
    const times: Record<string, number[]> = {};
    // The first round fills the caches and is not counted.
    for (let round = 0; round <= (quick ? 3 : 15); round += 1) {
      for (const [name, args] of Object.entries(COMMANDS)) {
        const ms = time(args, mongod.uri);
        if (round > 0) times[name] = [...(times[name] ?? []), ms];
      }
      report.progress(`round ${round} is done`);
    }
    await mongod.stop();
    for (const [work, baseline] of COMPARED)
      report.row({
        work: `conversions ${work}`,
        unit: 'ms',
        measured: median(times[work]),
        baseline: { what: baseline, value: median(times[baseline]) },
      });
  },
};

const SOURCES = ['--import', 'tsx', 'src/cli/conversions.ts'];
const BUILT = ['dist/src/cli/conversions.js'];

const COMMANDS: Record<string, string[]> = {
  'node -e 0': ['-e', '0'],
  'node --import tsx -e 0': ['--import', 'tsx', '-e', '0'],
  '--help, built': [...BUILT, '--help'],
  'list, built': [...BUILT, 'list'],
  '--help, from the sources': [...SOURCES, '--help'],
  'list, from the sources': [...SOURCES, 'list'],
};

const COMPARED = [
  ['--help, built', 'node -e 0'],
  ['list, built', 'node -e 0'],
  ['--help, from the sources', 'node --import tsx -e 0'],
  ['list, from the sources', 'node --import tsx -e 0'],
] as const;

const root = fileURLToPath(new URL('../..', import.meta.url));

function time(args: readonly string[], mongoUri: string): number {
  const env = { PATH: process.env.PATH, MONGODB_URI: mongoUri };
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}
