import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { drainText, phaseTable } from './chaos/measure.js';
import { faultTable, summarize } from './chaos/report.js';
import { type RunResult, run, writeEvidence } from './chaos/run.js';
import { SCENARIOS } from './chaos/scenarios.js';
import { DATA_DIR, endWithUsage, readCommandLine, UsageError } from './command-line.js';

/**
 * `npm run chaos`: signups, sales, refunds and new amounts, while a seeded schedule of faults goes through every process
 * and connection; then a checker compares what clients were answered with what the Impact sandbox took.
 */

const USAGE = `Usage: npm run chaos -- [--seed N] [--count N] [--minutes N] [--no-dedupe] [--scenario NAME] [--json] [--keep]
  --seed       of the clients and the faults; a random one by default
  --count      signups and sales, 1000 by default
  --minutes    for how long clients come, 4 by default
  --no-dedupe  the sandbox makes a second Action of a second POST
  --json       one last line of JSON
  --keep       keeps the folder also if nothing was found
  --data-dir   .data by default; the run has a folder of its own in it
  --from DIR   of the scenario deploy: a checkout of another version, with its build in dist/
  --scenario   faults by default, or one of:
${Object.entries(SCENARIOS)
  .map(([name, { about }]) => `               ${name}: ${about}`)
  .join('\n')}`;

const { values } = readCommandLine(USAGE, {
  ...DATA_DIR,
  seed: { type: 'string', default: String(1 + Math.floor(Math.random() * 1_000_000)) },
  count: { type: 'string', default: '1000' },
  minutes: { type: 'string', default: '4' },
  dedupe: { type: 'boolean', default: true },
  scenario: { type: 'string', default: 'faults' },
  from: { type: 'string' },
  json: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
});
const scenario = SCENARIOS[values.scenario] ?? fail(`There is no scenario ${values.scenario}.`);
if (values.scenario === 'deploy' && !values.from) fail('The scenario deploy needs --from.');
const { dedupe } = values;
const options = {
  scenario,
  seed: numberOf('seed'),
  count: numberOf('count'),
  minutes: numberOf('minutes'),
  dedupe,
  from: values.from && resolve(values.from),
};
const name = [values.scenario, options.seed, ...(dedupe ? [] : ['no-dedupe'])].join('-');
const dataDir = join(values['data-dir'], 'chaos', name);
const startedAt = Date.now();
const seconds = () => ((Date.now() - startedAt) / 1_000).toFixed(0);
const say = (line: string) => console.log(`${seconds().padStart(5)} s  ${line}`);

try {
  say(
    `seed ${options.seed}, the sandbox ${dedupe ? 'recognises' : 'does not recognise'} a second POST of an order`,
  );
  process.exitCode = await conclude(await run({ ...options, dataDir, say }));
} catch (error) {
  console.error(error);
  console.error(`The run itself failed. Its logs are in ${dataDir}`);
  process.exitCode = 1;
}
process.exit();

/** @returns the exit code */
async function conclude(result: RunResult): Promise<number> {
  const { judged, happened, memory, crashes, root } = result;
  const summary = summarize(judged, options.seed);
  const failed = summary.lost + summary.doubled + summary.wrong > 0;
  console.log(`\n${faultTable(judged, happened)}\n`);
  const [fault] = happened;
  if (values.scenario !== 'faults' && fault)
    console.log(`${phaseTable(judged, memory, fault)}\n\n${drainText(judged, fault)}\n`);
  for (const { wanted, verdict } of judged)
    for (const { kind, what } of verdict.problems) console.log(`${kind}: ${wanted.conversionId}: ${what}`);
  for (const crash of crashes) console.log(`crash: ${crash}`);
  console.log(
    Object.entries(summary)
      .map((entry) => entry.join(' '))
      .join(', '),
  );
  if (failed || values.keep) {
    await writeEvidence(result);
    console.log(`The logs, the faults, the clients' records and the sandbox's journal are in ${root}`);
  } else await rm(root, { recursive: true });
  console.log(`All of this was against the Impact sandbox, in ${seconds()} s.`);
  if (values.json) console.log(JSON.stringify(summary));
  return failed ? 1 : 0;
}

function numberOf(name: 'seed' | 'count' | 'minutes'): number {
  const value = Number(values[name]);
  return value > 0 ? value : fail(`--${name} must be a number above 0.`);
}

function fail(message: string): never {
  return endWithUsage(new UsageError(message, USAGE));
}
