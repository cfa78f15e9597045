import type { Client, WorkflowExecutionDescription } from '@temporalio/client';

/** temporal.api.enums.v1.HistoryEventFilterType: the last event alone. */
const CLOSE_EVENT = 2;

/** Who ended a workflow from outside, and why, as far as its last event says. */
export async function describeEnd(temporal: Client, ended: WorkflowExecutionDescription): Promise<string> {
  const { history } = await temporal.workflowService.getWorkflowExecutionHistory({
    namespace: temporal.options.namespace,
    execution: { workflowId: ended.workflowId, runId: ended.runId },
    historyEventFilterType: CLOSE_EVENT,
  });
  const last = history?.events?.at(-1);
  const terminated = last?.workflowExecutionTerminatedEventAttributes;
  if (terminated) {
    const reason = terminated.reason ? `: ${terminated.reason}` : '';
    return `The workflow was terminated by ${terminated.identity || 'somebody'}${reason}. It was not done.`;
  }
  const failure = last?.workflowExecutionFailedEventAttributes?.failure?.message;
  return `The workflow ended as ${ended.status.name.toLowerCase()}${failure ? `: ${failure}` : ''}. It was not done.`;
}
