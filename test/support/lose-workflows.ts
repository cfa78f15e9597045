import type { Stack } from './stack.js';
import { until } from './until.js';

/** Temporal forgets these workflows, all of their runs, as if its data had been lost while no worker was there. */
export async function loseWorkflows(stack: Stack, workflowIds: string[]): Promise<void> {
  await stack.stopWorkers();
  const query = `WorkflowId IN (${workflowIds.map((id) => `"${id}"`).join(', ')})`;
  // The newest run may not be listed yet, and an older one is only found in the list.
  const allGone = async () => {
    const newest = await Promise.all(workflowIds.map((id) => describe(stack, id)));
    const runs = newest.filter((run) => run !== undefined);
    for await (const run of stack.temporal.workflow.list({ query })) runs.push(run);
    await Promise.all(runs.map((run) => forget(stack, run)));
    return runs.length === 0;
  };
  await until(allGone, 40_000, 200);
  await stack.startWorker();
}

interface Run {
  workflowId: string;
  runId: string;
}

function describe({ temporal }: Stack, workflowId: string): Promise<Run | undefined> {
  const handle = temporal.workflow.getHandle(workflowId);
  return handle.describe().catch(() => undefined);
}

/** Temporal deletes a run a moment later, and refuses to delete one that is gone. */
async function forget({ temporal }: Stack, { workflowId, runId }: Run): Promise<void> {
  const { namespace } = temporal.options;
  const workflowExecution = { workflowId, runId };
  await temporal.workflowService
    .deleteWorkflowExecution({ namespace, workflowExecution })
    .catch(() => undefined);
}
