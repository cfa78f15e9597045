import type { ConversionStatus } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { retryConversion } from '../operations/retry-conversion.js';
import { retryMany } from '../operations/retry-many.js';
import { moveMany, whichOne } from './move-many.js';
import { nextCommand } from './next-command.js';
import { formatResult, printResult } from './output.js';
import type { SharedOptions } from './program.js';
import type { Shell } from './shell.js';
import { withSystem } from './system.js';
import { UsageError } from './usage-error.js';

interface Options extends SharedOptions {
  all?: boolean | undefined;
  restart?: boolean | undefined;
  reason?: string | undefined;
  event?: string | undefined;
  status?: ConversionStatus | undefined;
  yes?: boolean | undefined;
  by: string;
}

/** @throws UsageError */
export async function retry(id: string | undefined, options: Options, shell: Shell): Promise<number> {
  const { all, reason, event, status } = options;
  const one = whichOne(id, all);
  if (one === undefined) return retryAll(options, shell);
  if ([reason, event, status].some((filter) => filter !== undefined))
    throw new UsageError('--reason, --event and --status go with --all.');
  return retryOne(one, options, shell);
}

async function retryOne(id: string, options: Options, shell: Shell): Promise<number> {
  const { by, restart, json } = options;
  const call = { ...shell, ...options };
  try {
    const done = await withSystem(call, (system) => retryConversion(system, id, { by, restart }));
    printResult(shell, json, done, (it) => formatResult('Retried', it, nextCommand(call, 'explain', id)));
    return 0;
  } catch (error) {
    const code = error instanceof DomainError ? error.code : '';
    const [, status] = /^conversion_(abandoned|declined)$/.exec(code) ?? [];
    if (status === undefined) throw error;
    const command = nextCommand(call, 'retry', id, '--restart');
    throw new UsageError(`Conversion "${id}" is ${status}. To report it after all: ${command}`);
  }
}

function retryAll(options: Options, shell: Shell): Promise<number> {
  const { reason, event, status, restart, by } = options;
  return withSystem({ ...shell, ...options }, (system) => {
    const move = retryMany(system, { reason, event, status }, { by, restart });
    return moveMany(system.temporal, move, { options, shell, words: WORDS });
  });
}

const WORDS = {
  verb: 'retry',
  done: 'retried',
  question: 'Retry?',
  afterwards: 'Conversions that are refused again are parked again.',
};
