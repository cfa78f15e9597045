import { createInterface } from 'node:readline';
import type { Shell } from './shell.js';
import { UsageError } from './usage-error.js';

/**
 * Asks a human, who says no with anything but y or yes.
 * @throws UsageError where nobody can be asked, so that a script never does by accident what it was not told to
 */
export async function confirm({ input, say }: Shell, question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!input.isTTY) {
    throw new UsageError(`${question}\nNobody can be asked here: say --yes to do it. Nothing was done.`);
  }
  say(`${question} [y/N]`);
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return /^y(es)?$/i.test(line.trim());
    return false;
  } finally {
    lines.close();
  }
}
