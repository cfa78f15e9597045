import type { Shell } from './shell.js';

/** Prints a command's result: as JSON for scripts, or formatted for a human. */
export function printResult<T>(shell: Shell, json: boolean, result: T, format: (result: T) => string): void {
  shell.print(json ? JSON.stringify(result, null, 2) : format(result));
}
