import { WorkflowNotFoundError } from '@temporalio/client';
import type { ReversalWorkflow } from '../../workflows/index.js';
import { type Conversion, reversalWorkflowId, workflowId } from '../domain/conversion.js';
import { code, plain } from '../domain/markdown.js';
import { REVERSAL_WORKFLOW_TYPE, SIGNALS, TASK_QUEUES } from '../domain/workflow-names.js';
import { currentTraceparent, inSpanContext } from '../tracing/work-context.js';
import { type StartWorkflowDeps, searchAttributesOf } from './wake-conversion.js';

/**
 * Tells Temporal of the adjustments that the ledger has: the conversion's own workflow where it runs, which carries them
 * out once it is through, or else a ReversalWorkflow. Doing it twice is doing it once: both read the ledger.
 * @throws Temporal's ServiceError; the adjustments stay pending, and the relay tries again
 */
export async function handOverAdjustments({ db, temporal, deadlineMs }: StartWorkflowDeps, id: string) {
  const conversion = await db.conversions.findOne({ _id: id, 'adjustments.status': 'pending' }).lean();
  if (!conversion) return;
  const pending = (conversion.adjustments ?? []).filter(({ status }) => status === 'pending');
  const news = {
    reversal: pending.some(({ kind }) => kind === 'reversal'),
    amount: pending.some(({ kind }) => kind === 'amount'),
  };
  // In the trace of the request for the adjustment, or else of the conversion.
  const traceparent = currentTraceparent() ?? conversion.traceparent;
  await inSpanContext(traceparent, () =>
    temporal.withDeadline(Date.now() + deadlineMs, () => tell(conversion)),
  );
  await db.conversions.updateOne(
    { _id: id },
    {
      $set: { 'adjustments.$[handed].status': conversion.status === 'reversed' ? 'confirmed' : 'reporting' },
    },
    {
      arrayFilters: [
        { 'handed.id': { $in: pending.map((adjustment) => adjustment.id) }, 'handed.status': 'pending' },
      ],
    },
  );

  async function tell(conversion: Conversion): Promise<void> {
    const running = await temporal.workflow
      .getHandle(workflowId(id))
      .signal(SIGNALS.adjust, news)
      .then(() => true, isNotRunning);
    // What was reversed before it was sent is over once its workflow, if there is one, has been told.
    if (!running && conversion.status !== 'reversed') await signalReversal(conversion);
  }

  function signalReversal(conversion: Conversion) {
    return temporal.workflow.signalWithStart<typeof ReversalWorkflow, [typeof news]>(REVERSAL_WORKFLOW_TYPE, {
      ...reversalOptions(conversion),
      signal: SIGNALS.adjust,
      signalArgs: [news],
    });
  }
}

function isNotRunning(error: unknown): false {
  if (error instanceof WorkflowNotFoundError) return false;
  throw error;
}

export function reversalOptions(conversion: Conversion) {
  const { _id: id, campaignEventId, userId } = conversion;
  return {
    args: [{ conversionId: id }] as [{ conversionId: string }],
    workflowId: reversalWorkflowId(id),
    taskQueue: TASK_QUEUES.conversions,
    staticSummary: plain(`refund or new amount · ${campaignEventId} · user ${userId}`),
    staticDetails: `Conversion ${code(id)}.`,
    typedSearchAttributes: searchAttributesOf(conversion),
  };
}
