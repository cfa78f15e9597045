import type { Stack } from './stack.js';
import { until } from './until.js';

/** Temporal forgets these workflows, all of their runs, as if its data had been lost while no worker was there. */
export async function loseWorkflows(stack: Stack, workflowIds: string[]): Promise<void> {
  await stack.stopWorkers();
  const { workflow, workflowService, options } = stack.temporal;
  const deleted = new Set<string>();

  async function forget(workflowId: string, runId: string): Promise<void> {
    if (deleted.has(runId)) return;
    deleted.add(runId);
    const workflowExecution = { workflowId, runId };
    await workflowService.deleteWorkflowExecution({ namespace: options.namespace, workflowExecution });
  }

  // The newest run may not be listed yet, and an older one is only found in the list.
  const query = `WorkflowId IN (${workflowIds.map((id) => `"${id}"`).join(', ')})`;
  await until(
    async () => {
      const newest = await Promise.all(
        workflowIds.map((id) =>
          workflow
            .getHandle(id)
            .describe()
            .catch(() => undefined),
        ),
      );
      const runs = newest.filter((run) => run !== undefined);
      const listed = [];
      for await (const run of workflow.list({ query })) listed.push(run);
      for (const { workflowId, runId } of [...runs, ...listed]) await forget(workflowId, runId);
      return runs.length === 0 && listed.length === 0;
    },
    20_000,
    200,
  );
  await stack.startWorker();
}
