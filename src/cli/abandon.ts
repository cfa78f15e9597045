import { printable } from '../domain/foreign-text.js';
import { abandonConversion } from '../operations/abandon-conversion.js';
import { abandonMany } from '../operations/abandon-many.js';
import { moveMany, whichOne } from './move-many.js';
import { nextCommand } from './next-command.js';
import { formatResult, printResult } from './output.js';
import type { SharedOptions } from './program.js';
import { confirm, type Shell } from './shell.js';
import { withSystem } from './system.js';
import { UsageError } from './usage-error.js';

interface Options extends SharedOptions {
  all?: boolean | undefined;
  by: string;
  reason: string;
  parkReason?: string | undefined;
  event?: string | undefined;
  yes?: boolean | undefined;
}

/** Asks for confirmation, because the partners are then not paid. @throws UsageError */
export async function abandon(id: string | undefined, options: Options, shell: Shell): Promise<number> {
  const { all, parkReason, event } = options;
  const one = whichOne(id, all);
  if (one === undefined) return abandonAll(options, shell);
  if (parkReason !== undefined || event !== undefined)
    throw new UsageError('--park-reason and --event go with --all.');
  return abandonOne(one, options, shell);
}

async function abandonOne(id: string, options: Options, shell: Shell): Promise<number> {
  const { by, reason, yes, json } = options;
  const call = { ...shell, ...options };
  const question = `${id} will never be reported, and its partner will not be paid for it. Abandon it?`;
  if (!yes && !(await confirm(shell, printable(question)))) return 1;
  const done = await withSystem(call, (system) => abandonConversion(system, id, { by, reason }));
  printResult(shell, json, done, (it) => formatResult('Abandoned', it, nextCommand(call, 'explain', id)));
  return 0;
}

function abandonAll(options: Options, shell: Shell): Promise<number> {
  const { parkReason, event, by, reason } = options;
  return withSystem({ ...shell, ...options }, (system) => {
    const move = abandonMany(system, { reason: parkReason, event }, { by, reason });
    return moveMany(system.temporal, move, { options, shell, words: WORDS });
  });
}

const WORDS = {
  verb: 'abandon',
  done: 'abandoned',
  question:
    'They will never be reported, and their partners will not be paid for them; of a reported conversion, only the parked refund or new amount is abandoned. Abandon them?',
  afterwards: 'A conversion that Impact acknowledges meanwhile is submitted all the same.',
};
