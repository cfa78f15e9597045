import { DomainError } from '../domain/errors.js';
import { retryConversion } from '../operations/retry-conversion.js';
import { BY, oneId, readArguments, usageOf, YES } from './command-arguments.js';
import { formatResult } from './format-result.js';
import { printResult } from './print-result.js';
import { type RetryAllArguments, retryAll } from './retry-all.js';
import type { Shell } from './shell.js';
import { withSystem } from './system.js';
import { UsageError } from './usage-error.js';

const USAGE = [
  usageOf('retry <id> [--restart] [--by NAME]'),
  `${usageOf('retry --all [--reason impact_refused] [--event signup] [--yes] [--by NAME]').replace('Usage:', '      ')}`,
  '--restart: report an abandoned, declined or skipped conversion after all.',
].join('\n');

/** What needs `--restart`, by the code of the refusal. */
const RESTARTABLE: ReadonlyMap<string, string> = new Map([
  ['conversion_abandoned', 'abandoned'],
  ['conversion_declined', 'declined'],
]);

interface RetryOneArguments {
  id: string;
  by: string;
  restart: boolean;
  json: boolean;
  dataDir?: string | undefined;
}

export function retry(args: string[], shell: Shell): Promise<number> {
  const wanted = readRetryArguments(args, shell.user);
  return 'id' in wanted ? retryOne(shell, wanted) : retryAll(shell, wanted);
}

/** @throws UsageError */
export function readRetryArguments(args: string[], user: string): RetryOneArguments | RetryAllArguments {
  const { values, positionals } = readArguments(USAGE, args, {
    ...BY,
    ...YES,
    all: { type: 'boolean', default: false },
    restart: { type: 'boolean', default: false },
    reason: { type: 'string' },
    event: { type: 'string' },
  });
  const { by = user, json, 'data-dir': dataDir, all, restart, reason, event, yes } = values;
  if (!all) {
    if (reason !== undefined || event !== undefined)
      throw new UsageError(`--reason and --event go with --all.\n${USAGE}`);
    return { id: oneId(USAGE, positionals), by, restart, json, dataDir };
  }
  if (restart || positionals.length > 0)
    throw new UsageError(`--all is for everything parked: no id, and no --restart.\n${USAGE}`);
  const filter = { ...(reason === undefined ? {} : { reason }), ...(event === undefined ? {} : { event }) };
  return { filter, by, yes, json, dataDir };
}

async function retryOne(
  shell: Shell,
  { id, by, restart, json, dataDir }: RetryOneArguments,
): Promise<number> {
  try {
    const done = await withSystem(shell, dataDir, (system) => retryConversion(system, id, { by, restart }));
    printResult(shell, json, done, (result) => formatResult('Retried', result));
    return 0;
  } catch (error) {
    const status = error instanceof DomainError ? RESTARTABLE.get(error.code) : undefined;
    if (status === undefined) throw error;
    throw new UsageError(`Conversion "${id}" is ${status}. To report it after all: retry '${id}' --restart`);
  }
}
