import { workflowId } from '../../src/domain/conversion.js';
import type { Stack } from './stack.js';

/** `temporal workflow reset --type FirstWorkflowTask`: everything of the conversion's workflow runs again. */
export function resetToStart(stack: Stack, id: string): Promise<void> {
  return resetWorkflow(stack, workflowId(id));
}

export async function resetWorkflow({ temporal }: Stack, id: string): Promise<void> {
  const { workflowService, options } = temporal;
  const { namespace } = options;
  const workflowExecution = { workflowId: id };
  const { history } = await workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: workflowExecution,
  });
  const first = history?.events?.find((event) => event.workflowTaskCompletedEventAttributes);
  await workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution,
    reason: 'test',
    requestId: crypto.randomUUID(),
    workflowTaskFinishEventId: first?.eventId ?? null,
  });
}
