import { printable } from '../domain/foreign-text.js';
import { abandonConversion } from '../operations/abandon-conversion.js';
import { nextCommand } from './next-command.js';
import { formatResult, printResult } from './output.js';
import type { SharedOptions } from './program.js';
import { confirm, type Shell } from './shell.js';
import { withSystem } from './system.js';

interface Options extends SharedOptions {
  by: string;
  reason: string;
  yes?: boolean | undefined;
}

/** Asks for confirmation, because the partner is then not paid. */
export async function abandon(id: string, options: Options, shell: Shell): Promise<number> {
  const { by, reason, yes, json } = options;
  const call = { ...shell, ...options };
  const question = `${id} will never be reported, and its partner will not be paid for it. Abandon it?`;
  if (!yes && !(await confirm(shell, printable(question)))) return 1;
  const done = await withSystem(call, (system) => abandonConversion(system, id, { by, reason }));
  printResult(shell, json, done, (it) => formatResult('Abandoned', it, nextCommand(call, 'explain', id)));
  return 0;
}
