import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { until } from './until.js';

/** A batch operation signals 50 at once and then 50 a second, whatever it is asked for: this many take eleven seconds. */
const TARGETS = 600;
const AT_A_TIME = 10;
const QUERY = 'WorkflowId STARTS_WITH "target-"';

/** A batch operation that goes on for seconds, over what no worker works on. @returns its job id */
export async function startSlowBatch({ workflow, workflowService, options }: Client): Promise<string> {
  const start = (index: number) =>
    workflow.start('Target', {
      workflowId: `target-${index}`,
      taskQueue: 'nobody',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  // Others use the same server.
  for (let first = 0; first < TARGETS; first += AT_A_TIME)
    await Promise.all(Array.from({ length: AT_A_TIME }, (_, index) => start(first + index)));
  await until(async () => (await workflow.count(QUERY)).count === TARGETS);
  const jobId = randomUUID();
  await workflowService.startBatchOperation({
    namespace: options.namespace,
    jobId,
    visibilityQuery: QUERY,
    reason: 'test',
    signalOperation: { signal: 'none' },
  });
  // The limit of one at a time counts what is listed.
  await until(async () => {
    const { operationInfo } = await workflowService.listBatchOperations({ namespace: options.namespace });
    return operationInfo?.some((operation) => operation.jobId === jobId) ?? false;
  });
  return jobId;
}

export async function stopBatch({ workflowService, options }: Client, jobId: string): Promise<void> {
  await workflowService.stopBatchOperation({ namespace: options.namespace, jobId, reason: 'seen' });
}
