import { printable } from '../domain/foreign-text.js';
import { abandonConversion } from '../operations/abandon-conversion.js';
import { BY, oneId, readArguments, UsageError, usageOf, YES } from './command-arguments.js';
import { formatResult, printResult } from './output.js';
import { confirm, type Shell } from './shell.js';
import { withSystem } from './system.js';

const USAGE = usageOf('abandon <id> --reason TEXT [--yes] [--by NAME]');

/** Asks for confirmation, because the partner is then not paid. */
export async function abandon(args: string[], shell: Shell): Promise<number> {
  const { id, reason, by, yes, json, dataDir } = readAbandonArguments(args, shell.user);
  const question = `${id} will never be reported, and its partner will not be paid for it. Abandon it?`;
  if (!yes && !(await confirm(shell, printable(question)))) return 1;
  const done = await withSystem(shell, dataDir, (system) => abandonConversion(system, id, { by, reason }));
  printResult(shell, json, done, (result) => formatResult('Abandoned', result));
  return 0;
}

/** @throws UsageError */
export function readAbandonArguments(args: string[], user: string) {
  const { values, positionals } = readArguments(USAGE, args, { ...BY, ...YES, reason: { type: 'string' } });
  const { by = user, reason, yes, json, 'data-dir': dataDir } = values;
  const id = oneId(USAGE, positionals);
  if (!reason?.trim()) throw new UsageError(`--reason is missing: the timeline keeps it.\n${USAGE}`);
  return { id, by, reason, yes, json, dataDir };
}
