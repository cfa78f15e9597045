import type { Client } from '@temporalio/client';
import { DomainError } from '../domain/errors.js';
import { TASK_QUEUES } from '../domain/workflow-names.js';
import { retryConversion } from '../operations/retry-conversion.js';
import {
  type BatchProgress,
  estimateReports,
  followBatch,
  startRetryOfParked,
} from '../operations/retry-parked.js';
import type { ParkedFilter } from '../temporal/parked-query.js';
import { countParked } from '../temporal/parked-query.js';
import { readQueueRate } from '../temporal/queue-rate.js';
import { BY, oneId, readArguments, UsageError, usageOf, YES } from './command-arguments.js';
import { formatEstimate } from './format-queue.js';
import { formatResult, printResult } from './output.js';
import { confirm, type Shell } from './shell.js';
import { withSystem, withTemporal } from './system.js';

const USAGE = [
  usageOf('retry <id> [--restart] [--by NAME]'),
  usageOf('retry --all [--reason impact_refused] [--event signup] [--yes] [--by NAME]').replace(
    'Usage:',
    '      ',
  ),
  '--restart: report an abandoned, declined or skipped conversion after all.',
].join('\n');

type Arguments = ReturnType<typeof readRetryArguments>;

export function retry(args: string[], shell: Shell): Promise<number> {
  const options = readRetryArguments(args, shell.user);
  return options.id === undefined ? retryAll(shell, options) : retryOne(shell, options.id, options);
}

/** @throws UsageError */
export function readRetryArguments(args: string[], user: string) {
  const { values, positionals } = readArguments(USAGE, args, {
    ...BY,
    ...YES,
    all: { type: 'boolean', default: false },
    restart: { type: 'boolean', default: false },
    reason: { type: 'string' },
    event: { type: 'string' },
  });
  const { by = user, json, 'data-dir': dataDir, all, restart, reason, event, yes } = values;
  const filter = { ...(reason === undefined ? {} : { reason }), ...(event === undefined ? {} : { event }) };
  if (!all && Object.keys(filter).length > 0)
    throw new UsageError(`--reason and --event go with --all.\n${USAGE}`);
  if (all && (restart || positionals.length > 0))
    throw new UsageError(`--all is for everything parked: no id, and no --restart.\n${USAGE}`);
  return { id: all ? undefined : oneId(USAGE, positionals), filter, by, restart, yes, json, dataDir };
}

async function retryOne(
  shell: Shell,
  id: string,
  { by, restart, json, dataDir }: Arguments,
): Promise<number> {
  try {
    const done = await withSystem(shell, dataDir, (system) => retryConversion(system, id, { by, restart }));
    printResult(shell, json, done, (result) => formatResult('Retried', result));
    return 0;
  } catch (error) {
    const code = error instanceof DomainError ? error.code : '';
    const [, status] = /^conversion_(abandoned|declined)$/.exec(code) ?? [];
    if (status === undefined) throw error;
    throw new UsageError(`Conversion "${id}" is ${status}. To report it after all: retry '${id}' --restart`);
  }
}

/** Runs one batch operation of Temporal's and follows it to its end. */
function retryAll(shell: Shell, { filter, by, yes, json, dataDir }: Arguments): Promise<number> {
  return withTemporal(shell, dataDir, async (temporal) => {
    const parked = await countParked(temporal, filter);
    const queue = await readQueueRate(temporal, TASK_QUEUES.impact);
    const words = `${parked} parked${formatFilter(filter)}`;
    if (parked === 0) {
      printResult(shell, json, { parked, signalled: 0, failed: 0 }, () => `${words}: nothing to retry.`);
      return 0;
    }
    const estimate = estimateReports(parked, queue);
    const question = `${words}. ${formatEstimate(estimate, queue)} Retry?`;
    if (!yes && !(await confirm(shell, question))) return 1;
    const result = await runBatch(temporal, shell, filter, by);
    printResult(shell, json, { parked, estimate, ...result }, formatProgress);
    return result.failed === 0 && result.state === 'completed' ? 0 : 1;
  });
}

async function runBatch(temporal: Client, shell: Shell, filter: ParkedFilter, by: string) {
  const jobId = await startRetryOfParked(temporal, filter, { by });
  shell.say(`Temporal's batch operation ${jobId} signals them, and does not need this command to go on.`);
  let last = '';
  return followBatch(temporal, jobId, ({ signalled, total, failed }) => {
    const words = `${signalled} of ${total} signalled, ${failed} failed`;
    if (total > 0 && words !== last) shell.say(words);
    last = words;
  });
}

function formatFilter({ reason, event }: ParkedFilter): string {
  return `${reason === undefined ? '' : ` as ${reason}`}${event === undefined ? '' : `, of the event ${event}`}`;
}

function formatProgress({ state, signalled, failed, jobId }: BatchProgress): string {
  if (state === 'failed')
    return `The batch operation failed after ${signalled} signals: temporal batch describe --job-id ${jobId}`;
  const left = failed === 0 ? '' : ` ${failed} could not be signalled: they are still parked, or have ended.`;
  return `${signalled} retried.${left} Conversions that are refused again are parked again.`;
}
