import type { Client } from '@temporalio/client';
import { TASK_QUEUES } from '../domain/workflow-names.js';
import {
  type BatchProgress,
  estimateReports,
  followBatch,
  startRetryOfParked,
} from '../operations/retry-parked.js';
import { countParked } from '../temporal/count-parked.js';
import type { ParkedFilter } from '../temporal/parked-query.js';
import { readQueueRate } from '../temporal/queue-rate.js';
import { confirm } from './confirm.js';
import { formatEstimate } from './format-queue.js';
import { printResult } from './print-result.js';
import type { Shell } from './shell.js';
import { withTemporal } from './system.js';

export interface RetryAllArguments {
  filter: ParkedFilter;
  by: string;
  yes: boolean;
  json: boolean;
  dataDir?: string | undefined;
}

/** Runs one batch operation of Temporal's and follows it to its end. */
export function retryAll(shell: Shell, options: RetryAllArguments): Promise<number> {
  return withTemporal(shell, options.dataDir, async (temporal) => {
    const { filter, by, yes, json } = options;
    const parked = await countParked(temporal, filter);
    const queue = await readQueueRate(temporal, TASK_QUEUES.impact);
    const words = `${parked} parked${formatFilter(filter)}`;
    if (parked === 0) {
      printResult(shell, json, { parked, signalled: 0, failed: 0 }, () => `${words}: nothing to retry.`);
      return 0;
    }
    const estimate = estimateReports(parked, queue);
    const question = `${words}. ${formatEstimate(estimate, queue)} Retry?`;
    if (!(await confirm(shell, question, yes))) {
      shell.say('Nothing was done.');
      return 1;
    }
    const result = await runBatch(temporal, shell, filter, by);
    printResult(shell, json, { parked, estimate, ...result }, formatProgress);
    return result.failed === 0 && result.state === 'completed' ? 0 : 1;
  });
}

async function runBatch(temporal: Client, shell: Shell, filter: ParkedFilter, by: string) {
  const jobId = await startRetryOfParked(temporal, filter, { by });
  shell.say(`Temporal's batch operation ${jobId} signals them, and does not need this command to go on.`);
  let last = '';
  return followBatch(temporal, jobId, {
    onProgress(progress) {
      const words = `${progress.signalled} of ${progress.total} signalled, ${progress.failed} failed`;
      if (progress.total > 0 && words !== last) shell.say(words);
      last = words;
    },
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
