import { userInfo } from 'node:os';
import { relative } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { Environment } from '../config.js';
import { quote } from './next-command.js';
import { UsageError } from './usage-error.js';

/** Where a command runs: its input and its outputs. */
export interface Shell {
  environment: Environment;
  /** Where the operator answers, if it is a terminal (`isTTY`). */
  input: Readable & { isTTY?: boolean };
  /** The operator's name in the operating system. */
  user: string;
  /** How these commands are called here, such as `npm run -s conversions --`. */
  invocation: string;
  /** Adds a colour, if the standard output is a terminal that shows colours. */
  style: Style;
  /** Results, on standard output. */
  print(text: string): void;
  /** Everything else, on standard error. */
  say(text: string): void;
  /** Where a progress bar is drawn, if it is a terminal. */
  screen: Writable & { isTTY?: boolean };
}

export type Style = (format: Parameters<typeof styleText>[0], text: string) => string;

export const noStyle: Style = (_format, text) => text;

export function processShell(): Shell {
  // A terminal counts no colours where NO_COLOR is set.
  const hasColours = process.stdout.isTTY && process.stdout.hasColors();
  return {
    environment: process.env,
    input: process.stdin,
    user: userName(process.env),
    invocation: invocationOf(process.argv[1] ?? ''),
    style: hasColours ? (format, text) => styleText(format, text, { validateStream: false }) : noStyle,
    print: (text) => console.log(text),
    say: (text) => console.error(text),
    screen: process.stderr,
  };
}

/** From the sources through npm, and as built, in the image, by the path that was called. */
function invocationOf(entry: string): string {
  return entry.endsWith('.ts') ? 'npm run -s conversions --' : `node ${quote(relative('', entry))}`;
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
