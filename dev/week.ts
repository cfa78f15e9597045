import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DATA_DIR, endWithUsage, readCommandLine, UsageError } from './command-line.js';
import { describeFired } from './week/evaluate.js';
import { type RunResult, run } from './week/run.js';

/**
 * `npm run week`: a week of ordinary business passes through the real processes in minutes. Then Prometheus evaluates the
 * shipped alerts on the metrics of the processes: none may fire, and nothing may wait for a human.
 */

const USAGE = `Usage: npm run week -- [--seed N] [--count N] [--seconds-per-day N] [--quick] [--break] [--json] [--keep]
  --seed             of the business; 1 by default
  --count            signups and sales, 2000 by default
  --seconds-per-day  how long a day takes at least, 15 by default
  --quick            300 signups and sales, and a day takes as long as its work
  --break            Impact's credentials are revoked on Thursday, and an alert has to fire
  --json             one last line of JSON
  --keep             keeps the folder also if nothing was found
  --data-dir         .data by default; the run has a folder of its own in it`;

const { values } = readCommandLine(USAGE, {
  ...DATA_DIR,
  seed: { type: 'string', default: '1' },
  count: { type: 'string' },
  'seconds-per-day': { type: 'string' },
  quick: { type: 'boolean', default: false },
  break: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
});
const options = {
  seed: numberOf('seed', values.seed),
  count: numberOf('count', values.count ?? (values.quick ? '300' : '2000')),
  secondsPerDay: numberOf('seconds-per-day', values['seconds-per-day'] ?? (values.quick ? '0.1' : '15')),
  breaks: values.break,
  dataDir: join(values['data-dir'], 'week', String(values.seed)),
};
const startedAt = Date.now();
const seconds = () => ((Date.now() - startedAt) / 1_000).toFixed(0);
const say = (line: string) => console.log(`${seconds().padStart(5)} s  ${line}`);

try {
  process.exitCode = await conclude(await run({ ...options, say }));
} catch (error) {
  console.error(error);
  console.error(`The run itself failed. Its logs are in ${options.dataDir}`);
  process.exitCode = 1;
}
process.exit();

/** @returns the exit code */
async function conclude({ fired, problems, outcomes, root }: RunResult): Promise<number> {
  const isSilent = fired.length === 0 && problems.length === 0;
  for (const problem of problems) console.log(problem);
  for (const alert of fired) console.log(`fires: ${describeFired(alert)}`);
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  console.log(`${counts.join(', ')}; ${fired.length} alerts fired`);
  if (!isSilent || values.keep) console.log(`The logs, the metrics and the sandbox's journal are in ${root}`);
  else await rm(root, { recursive: true });
  console.log(`All of this was against the Impact sandbox, in ${seconds()} s.`);
  if (values.json)
    console.log(JSON.stringify({ ...outcomes, problems: problems.length, fired: fired.length }));
  return isSilent ? 0 : 1;
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  return value > 0 ? value : endWithUsage(new UsageError(`--${name} must be a number above 0.`, USAGE));
}
