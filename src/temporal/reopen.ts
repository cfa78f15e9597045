import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Failure } from '../../workflows/failure.js';
import type { ConversionWorkflow, ReversalWorkflow } from '../../workflows/index.js';
import { type Conversion, reversalWorkflowId, workflowId } from '../domain/conversion.js';
import { REVERSAL_WORKFLOW_TYPE, WORKFLOW_TYPE } from '../domain/workflow-names.js';
import type { Logger } from '../logger.js';
import { inSpanContext } from '../tracing/work-context.js';
import { reversalOptions } from './hand-over-adjustments.js';
import { type StartWorkflowDeps, startOptions } from './wake-conversion.js';

export interface ReopenDeps extends StartWorkflowDeps {
  logger: Logger;
  /** Whether a workflow goes on after the receipt, to ask what became of it. */
  confirms: boolean;
}

/** Several workers may find the same, and whoever restarts it on purpose comes first. */
const UNLESS_IT_RAN_SINCE = {
  workflowIdConflictPolicy: 'USE_EXISTING',
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
} as const;

/**
 * Begins the workflow of a conversion again that is gone before it was done.
 * @param parkFirst it parks at once for this, and does nothing before a human has said that it may
 */
export function reopenConversion(
  deps: ReopenDeps,
  conversion: Conversion,
  parkFirst?: Failure,
): Promise<void> {
  const input = {
    conversionId: conversion._id,
    ...(parkFirst ? { parkFirst } : {}),
    ...(conversion.submission?.state === 'queued' ? { submission: 'queued' as const } : {}),
  };
  return startAgain(deps, conversion, workflowId(conversion._id), parkFirst, () =>
    deps.temporal.workflow.start<typeof ConversionWorkflow>(WORKFLOW_TYPE, {
      ...startOptions(conversion),
      ...UNLESS_IT_RAN_SINCE,
      args: [input],
    }),
  );
}

/** The same of the workflow that carries out refunds and other amounts. */
export function reopenReversal(deps: ReopenDeps, conversion: Conversion, parkFirst: Failure): Promise<void> {
  return startAgain(deps, conversion, reversalWorkflowId(conversion._id), parkFirst, () =>
    deps.temporal.workflow.start<typeof ReversalWorkflow>(REVERSAL_WORKFLOW_TYPE, {
      ...reversalOptions(conversion),
      ...UNLESS_IT_RAN_SINCE,
      args: [{ conversionId: conversion._id, parkFirst }],
    }),
  );
}

async function startAgain(
  { temporal, logger, deadlineMs }: ReopenDeps,
  { _id: conversionId, traceparent }: Conversion,
  workflowId: string,
  parkFirst: Failure | undefined,
  start: () => Promise<unknown>,
): Promise<void> {
  try {
    await inSpanContext(traceparent, () => temporal.withDeadline(Date.now() + deadlineMs, start));
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    throw error;
  }
  const { reason, message } = parkFirst ?? { reason: 'workflow_lost', message: 'It goes on in a new one.' };
  logger.warn({ conversionId, workflowId, code: reason }, `a workflow was begun again: ${message}`);
}
