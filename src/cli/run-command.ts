import { DomainError } from '../domain/errors.js';
import { abandon } from './abandon.js';
import { audit } from './audit.js';
import { explain } from './explain.js';
import { list } from './list.js';
import { pause } from './pause.js';
import { printableLines } from './printable.js';
import { resume } from './resume.js';
import { retry } from './retry.js';
import type { Shell } from './shell.js';
import { status } from './status.js';
import { UsageError } from './usage-error.js';

type Command = (args: string[], shell: Shell) => Promise<number>;

const COMMANDS: Readonly<Record<string, { run: Command; what: string }>> = {
  status: { run: status, what: 'whether reporting runs, how fast, and what waits for a human' },
  list: { run: list, what: 'conversions, newest first: --status parked' },
  explain: { run: explain, what: 'where one conversion stands, how it got there, and what next' },
  retry: { run: retry, what: 'try what is parked again: one conversion, or --all' },
  abandon: { run: abandon, what: 'give one conversion up, so that it is never reported' },
  pause: { run: pause, what: 'send nothing more to Impact; everything waits' },
  resume: { run: resume, what: 'go on sending' },
  audit: { run: audit, what: "compare the ledger with Impact's actions" },
};

const USAGE = [
  'Usage: npm run -s conversions -- <command>',
  '',
  ...Object.entries(COMMANDS).map(([name, { what }]) => `  ${name.padEnd(8)} ${what}`),
  '',
  'The stack in .data/, or --data-dir DIR, or what MONGODB_URI and TEMPORAL_ADDRESS name. --json is for scripts.',
  'Exit codes: 0 done; 1 done, and something is left to look at, or the answer was no; 2 not done, and why.',
].join('\n');

/** @returns the exit code */
export async function runCommand([name = '', ...args]: string[], shell: Shell): Promise<number> {
  try {
    if (!Object.hasOwn(COMMANDS, name)) throw new UsageError(USAGE);
    return (await COMMANDS[name]?.run(args, shell)) ?? 2;
  } catch (error) {
    shell.say(printableLines(messageOf(error)));
    return 2;
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOutOfReach = error instanceof DomainError && error.code === 'temporal_unavailable';
  return isOutOfReach ? `${error.message} Check TEMPORAL_ADDRESS.` : error.message;
}
