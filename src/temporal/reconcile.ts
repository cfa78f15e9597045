import { type Client, type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { isRestarted, workflowId } from '../domain/conversion.js';
import { cut } from '../domain/foreign-text.js';
import { nextStep, type StepOptions } from '../domain/next-step.js';
import { type Failure, MAX_NOTE } from '../domain/workflow-names.js';
import { lookUpConversion } from '../ledger/find-conversion.js';
import { parkUnattended } from '../ledger/park-unattended.js';
import { type BackgroundDeps, wakeOrPark } from './wake-conversion.js';

export type ReconcileDeps = BackgroundDeps & StepOptions;

/**
 * The only repair: where the ledger says unfinished and Temporal has no running workflow, the workflow is started again.
 * Somebody has ended it (`workflow_terminated`), or Temporal has lost it (`workflow_lost`): its data was restored or made
 * new, or somebody deleted the workflow. Only a human can say whether that was intended, so a conversion that could still
 * be sent parks first. A lost conversion that was parked stays parked for its own reason, and a lost one that Impact had
 * queued is only asked about. Several workers at once do no harm.
 */
export async function reconcile(deps: ReconcileDeps, conversionId: string): Promise<void> {
  const { temporal, deadlineMs, logger } = deps;
  const conversion = await lookUpConversion(deps.db, conversionId);
  // The relay starts a restarted one, whose last run has ended.
  if (!conversion || isRestarted(conversion)) return;
  const step = nextStep(conversion, deps);
  if (!step) return;
  const run = await temporal.withDeadline(Date.now() + deadlineMs, () => describeRun(deps, conversionId));
  if (run?.status.name === 'RUNNING') return;
  // An older run that has completed is still there where Temporal has lost the newest one.
  const ended = run && run.status.name !== 'COMPLETED' ? run : undefined;
  const failure = ended
    ? { reason: 'workflow_terminated', message: await describeEnd(temporal, ended) }
    : LOST;
  const sends = step.kind === 'report' || step.kind === 'adjust';
  if ((ended || sends) && !(await parkUnattended(deps, conversion, step, failure))) return;
  if ((await wakeOrPark(deps, conversion, { name: 'adjust' })) !== 'woken') return;
  logger.warn({ conversionId, code: failure.reason }, `the workflow was started again: ${failure.message}`);
}

const LOST: Failure = {
  reason: 'workflow_lost',
  message: 'Temporal does not have its workflow any more, which was not done.',
};

/** @returns undefined where Temporal has no run of it */
async function describeRun({ temporal }: ReconcileDeps, conversionId: string) {
  try {
    return await temporal.workflow.getHandle(workflowId(conversionId)).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** temporal.api.enums.v1.HistoryEventFilterType: the last event alone. */
const CLOSE_EVENT = 2;

/** Who ended a workflow from outside, and why, as far as its last event says. */
async function describeEnd(temporal: Client, ended: WorkflowExecutionDescription): Promise<string> {
  const { history } = await temporal.workflowService.getWorkflowExecutionHistory({
    namespace: temporal.options.namespace,
    execution: { workflowId: ended.workflowId, runId: ended.runId },
    historyEventFilterType: CLOSE_EVENT,
  });
  const last = history?.events?.at(-1);
  const terminated = last?.workflowExecutionTerminatedEventAttributes;
  if (terminated) {
    const reason = terminated.reason ? `: ${cut(terminated.reason, MAX_NOTE.reason)}` : '';
    const by = cut(terminated.identity || 'somebody', MAX_NOTE.by);
    return `The workflow was terminated by ${by}${reason}. It was not done.`;
  }
  const failure = last?.workflowExecutionFailedEventAttributes?.failure?.message;
  const message = failure ? `: ${cut(failure, MAX_NOTE.reason)}` : '';
  return `The workflow ended as ${ended.status.name.toLowerCase()}${message}. It was not done.`;
}
