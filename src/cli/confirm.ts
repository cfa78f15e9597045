import { createInterface } from 'node:readline';
import type { Shell } from './shell.js';
import { UsageError } from './usage-error.js';

/**
 * Asks the operator. Every answer but y or yes means no.
 * @throws UsageError without a terminal, so that a script does nothing by accident
 */
export async function confirm({ input, say }: Shell, question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!input.isTTY) {
    throw new UsageError(
      `${question}\nThere is no terminal to ask at: say --yes to do it. Nothing was done.`,
    );
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
