import { DomainError } from '../domain/errors.js';
import { messageWithCause } from '../temporal/service-error.js';
import { abandon } from './abandon.js';
import { audit } from './audit.js';
import { UsageError } from './command-arguments.js';
import { explain } from './explain.js';
import { list } from './list.js';
import { printableLines } from './output.js';
import { pause } from './pause.js';
import { resume } from './resume.js';
import { retry } from './retry.js';
import type { Shell } from './shell.js';
import { status } from './status.js';

type Command = (args: string[], shell: Shell) => Promise<number>;

const COMMANDS: Readonly<Record<string, { run: Command; summary: string }>> = {
  status: { run: status, summary: 'whether reporting runs, how fast, and how many conversions are parked' },
  list: { run: list, summary: 'conversions, newest first: --status parked' },
  explain: { run: explain, summary: 'the state of one conversion, how it got there, and what to do' },
  retry: { run: retry, summary: 'retry one parked conversion, or --all' },
  abandon: { run: abandon, summary: 'decide that one conversion is never reported' },
  pause: { run: pause, summary: 'send nothing more to Impact until resume' },
  resume: { run: resume, summary: 'send to Impact again' },
  audit: { run: audit, summary: "compare the ledger with Impact's actions" },
};

const USAGE = [
  'Usage: npm run -s conversions -- <command>',
  '',
  ...Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`),
  '',
  'A command is for the system that MONGODB_URI and TEMPORAL_ADDRESS name, or the stack in .data/ or --data-dir DIR.',
  '--json is for scripts.',
  'Exit codes: 0 done; 1 done with something left to look at, or the answer was no; 2 failed, with the reason.',
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
  const isUnavailable = error instanceof DomainError && error.code === 'temporal_unavailable';
  return isUnavailable ? `${error.message} Check TEMPORAL_ADDRESS.` : messageWithCause(error);
}
