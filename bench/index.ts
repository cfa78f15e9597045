import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { endWithUsage, readCommandLine, UsageError } from '../dev/command-line.js';
import { meetsGoal, type Row, ratioOf } from './part.js';
import { PARTS } from './parts/index.js';
import type { Message } from './run-part.js';
import { formatTable } from './table.js';

/**
 * `npm run bench`: measures the product beside what people would use instead, and prints one table of ratios. Each part has a
 * process of its own, so that none inherits another's memory, and one that fails ends no other.
 */

const about = await Promise.all(
  Object.entries(PARTS).map(async ([name, load]) => `  ${name.padEnd(12)} ${(await load()).about}`),
);
const USAGE = `Usage: npm run bench -- [part …] [--quick] [--json]
${about.join('\n')}
  --quick      fewer rounds: shows that everything works, and measures roughly
  --json       one line of JSON instead of the table`;

const { values, positionals } = readCommandLine(
  USAGE,
  { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
  true,
);
const unknown = positionals.find((name) => !(name in PARTS));
if (unknown) endWithUsage(new UsageError(`There is no part ${unknown}.`, USAGE));

const startedAt = new Date();
const rows: (Row & { part: string })[] = [];
const skipped: { part: string; work: string; why: string }[] = [];
const failed: string[] = [];
for (const part of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
  if (!(await run(part))) failed.push(part);
}
const machine = `${cpus().length} cores (${cpus()[0]?.model}), Node ${process.versions.node}`;
if (values.json) {
  const lines = rows.map((row) => ({ ...row, ratio: ratioOf(row), met: meetsGoal(row) }));
  console.log(JSON.stringify({ date: startedAt.toISOString(), machine, rows: lines, skipped, failed }));
} else {
  console.log(`\n${startedAt.toISOString().slice(0, 10)}, ${machine}\n\n${formatTable(rows)}`);
  for (const { part, work, why } of skipped) console.log(`\nskipped: ${part}: ${work}: ${why}`);
  for (const part of failed) console.log(`\nfailed: ${part}`);
}
process.exitCode = failed.length > 0 ? 1 : 0;

/** @returns whether the part came to its end */
async function run(part: string): Promise<boolean> {
  say(`${part} begins`);
  const child = fork(
    fileURLToPath(new URL('run-part.ts', import.meta.url)),
    [part, values.quick ? 'quick' : ''],
    { execArgv: ['--import', 'tsx', '--expose-gc'], stdio: ['ignore', process.stderr, 'inherit', 'ipc'] },
  );
  child.on('message', (message: Message) => receive(part, message));
  const [code] = await once(child, 'exit');
  return code === 0;
}

function receive(part: string, message: Message): void {
  if (message.kind === 'row') {
    rows.push({ part, ...message.line[0] });
    say(formatTable(message.line).split('\n').at(-1) ?? '');
  } else if (message.kind === 'skip') {
    const [work, why] = message.line;
    skipped.push({ part, work, why });
    say(`${part} skips ${work}: ${why}`);
  } else say(`${part}: ${message.line[0]}`);
}

function say(text: string): void {
  const seconds = Math.round((Date.now() - startedAt.getTime()) / 1_000);
  console.error(`${String(seconds).padStart(5)} s  ${text}`);
}
