import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { until } from './until.js';

/** A batch operation tries 50 times for each workflow that it cannot reset, and 50 times a second: 20 s for these. */
const TARGETS = 20;
const QUERY = 'WorkflowId STARTS_WITH "target-"';

/** Starts a batch operation that goes on for seconds, on workflows that no worker runs. @returns its job id */
export async function startSlowBatch({ workflow, workflowService, options }: Client): Promise<string> {
  const start = (index: number) =>
    workflow.start('Target', {
      workflowId: `target-${index}`,
      taskQueue: 'nobody',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  await Promise.all(Array.from({ length: TARGETS }, (_, index) => start(index)));
  await until(async () => (await workflow.count(QUERY)).count === TARGETS);
  const jobId = randomUUID();
  await workflowService.startBatchOperation({
    namespace: options.namespace,
    jobId,
    visibilityQuery: QUERY,
    reason: 'test',
    // None of them has run on this build, so that Temporal finds no point to reset to.
    resetOperation: { options: { buildId: 'none' } },
  });
  // The limit of one at a time counts what is listed.
  await until(async () => {
    const { operationInfo } = await workflowService.listBatchOperations({ namespace: options.namespace });
    return operationInfo?.some((operation) => operation.jobId === jobId) ?? false;
  });
  return jobId;
}

const RUNNING = 1;

/** Temporal has room for one batch operation at a time. */
export function untilNoBatchRuns({ workflowService, options }: Client): Promise<void> {
  return until(async () => {
    const { operationInfo } = await workflowService.listBatchOperations({ namespace: options.namespace });
    return operationInfo?.every(({ state }) => Number(state) !== RUNNING) ?? true;
  });
}

export async function stopBatch({ workflowService, options }: Client, jobId: string): Promise<void> {
  await workflowService.stopBatchOperation({ namespace: options.namespace, jobId, reason: 'seen' });
}
