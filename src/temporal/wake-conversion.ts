import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { SearchAttributePair } from '@temporalio/common';
import type { ConversionWorkflow } from '../../workflows/index.js';
import { type Conversion, workflowId } from '../domain/conversion.js';
import { code, plain } from '../domain/markdown.js';
import { SEARCH_ATTRIBUTES, TASK_QUEUES, WORKFLOW_TYPE } from '../domain/workflow-names.js';
import type { Database } from '../mongo.js';
import { inSpanContext } from '../tracing/work-context.js';

export interface StartWorkflowDeps {
  db: Database;
  temporal: Client;
  /** How long one start may take before it is left to the relay. */
  deadlineMs: number;
}

/**
 * Hands a pending conversion to Temporal. Starting it twice is starting it once: the workflow id is a function
 * of the conversion, a running workflow is kept, and a finished one is never begun again, unless an operator said so.
 * @throws Temporal's ServiceError; the conversion stays pending, and the relay tries again
 */
export async function startWorkflow(
  { db, temporal, deadlineMs }: StartWorkflowDeps,
  id: string,
): Promise<void> {
  const conversion = await db.conversions.findOne({ _id: id, status: 'pending' }).lean();
  if (!conversion) return;
  try {
    // In the trace of the request that recorded it, whoever starts it, and however much later.
    await inSpanContext(conversion.traceparent, () =>
      temporal.withDeadline(Date.now() + deadlineMs, () =>
        temporal.workflow.start<typeof ConversionWorkflow>(WORKFLOW_TYPE, startOptions(conversion)),
      ),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  await markStarted(db, conversion);
}

/** What Impact has acknowledged is not reported any more: it is only followed. */
export async function markStarted(db: Database, { _id, submission }: Conversion): Promise<void> {
  const status = submission?.state === 'queued' ? 'submitted' : 'reporting';
  const now = new Date();
  await db.conversions.updateOne(
    { _id, status: 'pending' },
    { $set: { status, updatedAt: now }, $push: { timeline: { at: now, status } } },
  );
}

export function startOptions(conversion: Conversion): WorkflowStartOptions<typeof ConversionWorkflow> {
  const { _id: id, campaignEventId, userId, attribution, occurredAt, restartedAt } = conversion;
  const click = attribution ? `click ${attribution.clickId.slice(0, 6)}…` : 'no click';
  return {
    args: [{ conversionId: id }],
    workflowId: workflowId(id),
    taskQueue: TASK_QUEUES.conversions,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: restartedAt ? 'ALLOW_DUPLICATE' : 'REJECT_DUPLICATE',
    staticSummary: plain(`${campaignEventId} · ${click} · user ${userId}`),
    staticDetails: `Conversion ${code(id)}, occurred ${occurredAt.toISOString()}.`,
    typedSearchAttributes: searchAttributesOf(conversion),
  };
}

/** What a workflow of this conversion is found by, from its start. */
export function searchAttributesOf({ campaignEventId, userId }: Conversion): SearchAttributePair[] {
  return [
    { key: SEARCH_ATTRIBUTES.conversionStatus, value: 'Reporting' },
    { key: SEARCH_ATTRIBUTES.campaignEvent, value: campaignEventId },
    { key: SEARCH_ATTRIBUTES.affiliateUserId, value: userId },
  ];
}
