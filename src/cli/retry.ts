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
import { formatEstimate } from './format-queue.js';
import { nextCommand } from './next-command.js';
import { formatResult, printResult } from './output.js';
import type { SharedOptions } from './program.js';
import { confirm, type Shell } from './shell.js';
import { withSystem, withTemporal } from './system.js';
import { UsageError } from './usage-error.js';

interface Options extends SharedOptions {
  all?: boolean | undefined;
  restart?: boolean | undefined;
  reason?: string | undefined;
  event?: string | undefined;
  yes?: boolean | undefined;
  by: string;
}

/** @throws UsageError */
export async function retry(id: string | undefined, options: Options, shell: Shell): Promise<number> {
  const { all, restart, reason, event } = options;
  if (all && (restart || id !== undefined))
    throw new UsageError('--all is for everything parked: no id, and no --restart.');
  if (all) return retryAll(options, shell);
  if (reason !== undefined || event !== undefined)
    throw new UsageError('--reason and --event go with --all.');
  if (id === undefined) throw new UsageError('Which conversion? Give its id, <event>:<key>, or --all.');
  return retryOne(id, options, shell);
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

/** Runs one batch operation of Temporal's and follows it to its end. */
function retryAll(options: Options, shell: Shell): Promise<number> {
  const { reason, event, by, yes, json } = options;
  const filter = { ...(reason === undefined ? {} : { reason }), ...(event === undefined ? {} : { event }) };
  return withTemporal({ ...shell, ...options }, async (temporal) => {
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
