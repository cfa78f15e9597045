import { userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Environment } from '../config.js';
import { UsageError } from './command-arguments.js';

/** Where a command runs: its input and its outputs. */
export interface Shell {
  environment: Environment;
  /** Where the operator answers, if it is a terminal (`isTTY`). */
  input: Readable & { isTTY?: boolean };
  /** The operator's name in the operating system. */
  user: string;
  /** Results, on standard output. */
  print(text: string): void;
  /** Everything else, on standard error. */
  say(text: string): void;
}

export function processShell(): Shell {
  return {
    environment: process.env,
    input: process.stdin,
    user: userName(process.env),
    print: (text) => console.log(text),
    say: (text) => console.error(text),
  };
}

/** A container may run as a user id that has no name. */
function userName(environment: Environment): string {
  try {
    return userInfo().username;
  } catch {
    return environment.USER || 'unknown';
  }
}

/**
 * Asks the operator. Every answer but y or yes means no.
 * @throws UsageError without a terminal, so that a script does nothing by accident
 */
export async function confirm({ input, say }: Shell, question: string): Promise<boolean> {
  if (!input.isTTY)
    throw new UsageError(
      `${question}\nThere is no terminal to ask at: say --yes to do it. Nothing was done.`,
    );
  say(`${question} [y/N]`);
  const lines = createInterface({ input });
  for await (const line of lines) {
    lines.close();
    if (/^y(es)?$/i.test(line.trim())) return true;
    break;
  }
  say('Nothing was done.');
  return false;
}
