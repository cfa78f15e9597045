import { workflowId } from '../../src/domain/conversion.js';
import type { Stack } from './stack.js';

/** `temporal workflow reset --type FirstWorkflowTask`: everything runs again. */
export async function resetToStart({ temporal }: Stack, id: string): Promise<void> {
  await temporal.workflowService.resetWorkflowExecution({
    namespace: temporal.options.namespace,
    workflowExecution: { workflowId: workflowId(id) },
    reason: 'test',
    requestId: crypto.randomUUID(),
    // The first workflow task is completed in event 4: started, scheduled, started, completed.
    workflowTaskFinishEventId: 4 as never,
  });
}
