import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { endWithUsage, readCommandLine, UsageError } from '../dev/command-line.js';
import { meetsGoal, type Row, ratioOf } from './part.js';
import { PARTS } from './parts/index.js';
import type { Message } from './run-part.js';
import { formatTable } from './table.js';
import { writeDocs } from './write-docs.js';

/**
 * `npm run bench`: measures the product beside what people would use instead, and prints one table of ratios. Each part has a
 * process of its own, so that none inherits another's memory, and one that fails ends no other.
 */

const about = await Promise.all(
  Object.entries(PARTS).map(async ([name, load]) => `  ${name.padEnd(12)} ${(await load()).about}`),
);
const USAGE = `Usage: npm run bench -- [part …] [--quick] [--json] [--write]
${about.join('\n')}
  --quick      fewer rounds: shows that everything works, and measures roughly
  --json       one line of JSON instead of the table
  --write      puts the tables and charts into docs/performance.md`;

const FLAG = { type: 'boolean', default: false } as const;
const { values, positionals } = readCommandLine(USAGE, { quick: FLAG, json: FLAG, write: FLAG }, true);
const unknown = positionals.find((name) => !(name in PARTS));
if (unknown) endWithUsage(new UsageError(`There is no part ${unknown}.`, USAGE));

interface Result {
  part: string;
  rows: Row[];
  skipped: string[];
  failed: boolean;
}

const startedAt = new Date();
const date = startedAt.toISOString().slice(0, 10);
const measuredOn = `${date}, ${cpus().length} cores (${cpus()[0]?.model}), Node ${process.versions.node}`;
const results: Result[] = [];
for (const part of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
  const result = await run(part);
  results.push(result);
  if (values.write && !result.failed) writeDocs(part, result.rows, result.skipped, measuredOn);
}
console.log(values.json ? asJson() : asText());
process.exitCode = results.some(({ failed }) => failed) ? 1 : 0;

async function run(part: string): Promise<Result> {
  say(`${part} begins`);
  const result: Result = { part, rows: [], skipped: [], failed: false };
  const child = fork(
    fileURLToPath(new URL('run-part.ts', import.meta.url)),
    [part, values.quick ? 'quick' : ''],
    { execArgv: ['--import', 'tsx', '--expose-gc'], stdio: ['ignore', process.stderr, 'inherit', 'ipc'] },
  );
  child.on('message', (message: Message) => receive(result, message));
  const [code] = await once(child, 'exit');
  return { ...result, failed: code !== 0 };
}

function receive({ part, rows, skipped }: Result, message: Message): void {
  if (message.kind === 'row') {
    rows.push(message.line[0]);
    say(formatTable(message.line).split('\n').at(-1) ?? '');
  } else if (message.kind === 'skip') {
    skipped.push(message.line.join(': '));
    say(`${part} skips ${message.line.join(': ')}`);
  } else say(`${part}: ${message.line[0]}`);
}

function asText(): string {
  const skipped = results.flatMap((each) => each.skipped.map((why) => `\nskipped: ${each.part}: ${why}`));
  const failed = results.filter((each) => each.failed).map(({ part }) => `\nfailed: ${part}`);
  return [`\n${measuredOn}\n`, formatTable(results.flatMap(({ rows }) => rows)), ...skipped, ...failed].join(
    '\n',
  );
}

function asJson(): string {
  const withRatios = results.map(({ rows, ...result }) => ({
    ...result,
    rows: rows.map(({ plot: _, ...row }) => ({ ...row, ratio: ratioOf(row), met: meetsGoal(row) })),
  }));
  return JSON.stringify({ measuredOn, results: withRatios });
}

function say(text: string): void {
  const seconds = Math.round((Date.now() - startedAt.getTime()) / 1_000);
  console.error(`${String(seconds).padStart(5)} s  ${text}`);
}
