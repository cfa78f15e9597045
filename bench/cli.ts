import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { quantile } from '../dev/quantile.js';
import { openDatabase } from '../src/mongo.js';
import { startBenchMongod } from './support.js';

/**
 * How long an operator waits for the commands that need no worker: times `node -e 0`, tsx without a program, help and
 * `list`, in turn, from the sources and, after `npm run build`, as built. Compare the ratios.
 *
 *   node --import tsx bench/cli.ts
 */

const ROUNDS = 15;

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['--import', 'tsx', 'src/cli/conversions.ts'];
const BUILT = ['dist/src/cli/conversions.js'];
const mongod = await startBenchMongod();
// The service creates the collections and indexes.
await (await openDatabase(mongod.uri)).close();

const commands: Record<string, string[]> = {
  'node -e 0': ['-e', '0'],
  'node --import tsx -e 0': ['--import', 'tsx', '-e', '0'],
  'help, from the sources': [...SOURCES, '--help'],
  'list, from the sources': [...SOURCES, 'list'],
  ...(existsSync(`${root}/dist`) && {
    'help, built': [...BUILT, '--help'],
    'list, built': [...BUILT, 'list'],
  }),
};
const times: Record<string, number[]> = {};
for (let round = -1; round < ROUNDS; round += 1)
  for (const [name, args] of Object.entries(commands)) {
    const ms = time(args);
    // The first round fills the caches and is not counted.
    if (round >= 0) times[name] = [...(times[name] ?? []), ms];
  }

const median = (name: string) => quantile(times[name] ?? [], 0.5) ?? Number.NaN;
const baseline = median('node -e 0');
for (const name of Object.keys(commands)) {
  const p50 = median(name);
  console.log(
    `${name.padEnd(24)} p50 ${p50.toFixed(0).padStart(5)} ms   ${(p50 / baseline).toFixed(1)} × node -e 0`,
  );
}
await mongod.stop();
process.exit();

function time(args: readonly string[]): number {
  const env = { PATH: process.env.PATH, MONGODB_URI: mongod.uri };
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - start;
}
