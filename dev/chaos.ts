import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { faultTable, summarize } from './chaos/report.js';
import { run, writeEvidence } from './chaos/run.js';

/**
 * `npm run chaos`: signups, sales, refunds and new amounts, while a seeded schedule of faults goes through every process
 * and connection; then a checker compares what clients were answered with what the Impact sandbox took.
 */

const USAGE = `npm run chaos -- [--seed N] [--count N] [--minutes N] [--no-dedupe] [--json] [--keep] [--data-dir DIR]
  --seed       of the clients and the faults; a random one by default
  --count      signups and sales, 1000 by default
  --minutes    for how long they come and faults happen, 4 by default
  --no-dedupe  the sandbox makes a second Action of a second POST
  --json       one last line of JSON
  --keep       keeps the folder of a run that found nothing, too`;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 1_000_000)) },
    count: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '4' },
    dedupe: { type: 'boolean', default: true },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    'data-dir': { type: 'string', default: '.data' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit();
}
const seed = numberOf('seed');
const startedAt = Date.now();
const dataDir = join(values['data-dir'], 'chaos', `seed-${seed}${values.dedupe ? '' : '-no-dedupe'}`);
const say = (line: string) =>
  console.log(`${((Date.now() - startedAt) / 1_000).toFixed(0).padStart(5)} s  ${line}`);

const options = { seed, count: numberOf('count'), minutes: numberOf('minutes'), dedupe: values.dedupe };
say(
  `seed ${seed}, the sandbox ${values.dedupe ? 'recognises' : 'does not recognise'} a second POST of an order`,
);
const result = await run({ ...options, dataDir, say });
const summary = summarize(result.judged, seed);
const failed = summary.lost + summary.doubled + summary.wrong > 0;
console.log(`\n${faultTable(result.judged, result.happened)}\n`);
for (const { wanted, verdict } of result.judged)
  for (const { kind, what } of verdict.problems) console.log(`${kind}: ${wanted.conversionId}: ${what}`);
for (const crash of result.crashes) console.log(`crash: ${crash}`);
console.log(
  Object.entries(summary)
    .map(([name, count]) => `${name} ${count}`)
    .join(', '),
);
if (failed || values.keep) {
  await writeEvidence(result);
  console.log(`The logs, the faults, the clients' records and the sandbox's journal are in ${result.root}`);
} else await rm(dataDir, { recursive: true });
console.log(
  `All of this was against the Impact sandbox, in ${((Date.now() - startedAt) / 1_000).toFixed(0)} s.`,
);
if (values.json) console.log(JSON.stringify(summary));
process.exit(failed ? 1 : 0);

function numberOf(name: 'seed' | 'count' | 'minutes'): number {
  const value = Number(values[name]);
  if (value > 0) return value;
  console.error(`--${name} must be a number above 0.\n${USAGE}`);
  process.exit(2);
}
