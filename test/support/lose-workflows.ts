import type { Stack } from './stack.js';
import { until } from './until.js';

/** Temporal forgets these workflows, which run, as if its data had been lost while no worker was there. */
export async function loseWorkflows(stack: Stack, workflowIds: string[]): Promise<void> {
  await stack.stopWorkers();
  const { workflowService, options, workflow } = stack.temporal;
  const query = `WorkflowId IN (${workflowIds.map((id) => `"${id}"`).join(', ')})`;
  for await (const { workflowId, runId } of workflow.list({ query })) {
    const workflowExecution = { workflowId, runId };
    await workflowService.deleteWorkflowExecution({ namespace: options.namespace, workflowExecution });
  }
  const isGone = (id: string) =>
    workflow
      .getHandle(id)
      .describe()
      .then(
        () => false,
        () => true,
      );
  await until(async () => (await Promise.all(workflowIds.map(isGone))).every(Boolean));
  await until(async () => (await workflow.count(query)).count === 0);
  await stack.startWorker();
}
