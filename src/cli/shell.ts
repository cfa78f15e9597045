import { userInfo } from 'node:os';
import type { Readable } from 'node:stream';
import type { Environment } from '../config.js';

/** Where a command runs: what it reads, and where its words go. */
export interface Shell {
  environment: Environment;
  /** Where a human answers, if there is one: `isTTY`. */
  input: Readable & { isTTY?: boolean };
  /** The operating system's name of who runs it. */
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
