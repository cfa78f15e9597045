import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError, type WorkflowExecutionInfo } from '@temporalio/client';
import type { ConversionWorkflow, ReversalWorkflow } from '../../workflows/index.js';
import { isOpen } from '../domain/change.js';
import { type Conversion, type ConversionStatus, conversionIdOf } from '../domain/conversion.js';
import { REVERSAL_WORKFLOW_TYPE, WORKFLOW_TYPE } from '../domain/conversion-workflow.js';
import type { Logger } from '../logger.js';
import { inSpanContext } from '../work-context.js';
import { describeEnd } from './describe-end.js';
import { reversalOptions } from './hand-over-changes.js';
import { type StartWorkflowDeps, startOptions } from './start-workflow.js';

export interface ReopenDeps extends StartWorkflowDeps {
  logger: Logger;
  /** Whether a workflow goes on after the receipt, to ask what became of it. */
  confirms: boolean;
}

export interface ReopenOptions {
  intervalMs: number;
  signal: AbortSignal;
}

/** The first look covers what ended while no worker ran. Temporal keeps what is closed no longer than that, mostly. */
const FIRST_LOOK_BACK_MS = 30 * 86_400_000;

/** What has ended appears in Temporal's list a little later. */
const OVERLAP_MS = 5 * 60_000;

/**
 * Stuck is visible, also where somebody has terminated a workflow whose conversion was not done: it is begun again, and
 * parks at once, as only a human can say whether that was the intention. What has run again since, or is done, is left
 * alone; several workers at once do no harm.
 */
export async function reopenEndedWorkflows(deps: ReopenDeps, options: ReopenOptions): Promise<void> {
  let since = Date.now() - FIRST_LOOK_BACK_MS;
  /** The runs of the look before, which this one finds again where the two overlap. */
  let seen: ReadonlySet<string> = new Set();
  while (!options.signal.aborted) {
    const now = Date.now();
    await reopenEndedSince(deps, new Date(since), seen).then(
      (found) => {
        since = now - OVERLAP_MS;
        seen = found;
      },
      (error: unknown) => {
        const code = 'reopen_failed';
        deps.logger.warn({ err: error, code }, 'ended workflows could not be looked for; it is tried again');
      },
    );
    await delay(options.intervalMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** @returns the runs that had ended */
async function reopenEndedSince(
  deps: ReopenDeps,
  since: Date,
  seen: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const query =
    `WorkflowType IN ("${WORKFLOW_TYPE}", "${REVERSAL_WORKFLOW_TYPE}") ` +
    `AND ExecutionStatus IN ("Terminated", "Failed", "TimedOut") AND CloseTime > "${since.toISOString()}"`;
  const found = new Set<string>();
  for await (const ended of deps.temporal.workflow.list({ query })) {
    found.add(ended.runId);
    if (!seen.has(ended.runId)) await reopen(deps, ended);
  }
  return found;
}

async function reopen(deps: ReopenDeps, ended: WorkflowExecutionInfo): Promise<void> {
  const id = conversionIdOf(ended.workflowId);
  const conversion = id === undefined ? null : await deps.db.conversions.findById(id).lean();
  if (!conversion) return;
  if (ended.type === WORKFLOW_TYPE && isUnfinished(conversion, deps.confirms))
    await startAgain(deps, ended, conversion, (parkFirst) =>
      deps.temporal.workflow.start<typeof ConversionWorkflow>(WORKFLOW_TYPE, {
        ...startOptions(conversion),
        args: [
          {
            conversionId: conversion._id,
            parkFirst,
            ...(conversion.submission?.state === 'queued' ? { submission: 'queued' } : {}),
          },
        ],
        ...ONLY_WHERE_IT_ENDED_SO,
      }),
    );
  else if (hasOpenChanges(conversion))
    await startAgain(deps, ended, conversion, (parkFirst) =>
      deps.temporal.workflow.start<typeof ReversalWorkflow>(REVERSAL_WORKFLOW_TYPE, {
        ...reversalOptions(conversion),
        args: [{ conversionId: conversion._id, parkFirst }],
        ...ONLY_WHERE_IT_ENDED_SO,
      }),
    );
}

const ONLY_WHERE_IT_ENDED_SO = {
  workflowIdConflictPolicy: 'USE_EXISTING',
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
} as const;

async function startAgain(
  { temporal, logger, deadlineMs }: ReopenDeps,
  ended: WorkflowExecutionInfo,
  conversion: Conversion,
  start: (parkFirst: { reason: string; message: string }) => Promise<unknown>,
): Promise<void> {
  const message = await describeEnd(temporal, ended);
  try {
    await inSpanContext(conversion.traceparent, () =>
      temporal.withDeadline(Date.now() + deadlineMs, () => start({ reason: 'workflow_terminated', message })),
    );
    const { _id: conversionId } = conversion;
    logger.warn({ conversionId, workflowId: ended.workflowId, code: 'workflow_terminated' }, message);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

const UNFINISHED: readonly ConversionStatus[] = ['pending', 'reporting', 'parked'];

function isUnfinished({ status }: Conversion, confirms: boolean): boolean {
  return UNFINISHED.includes(status) || (confirms && status === 'submitted');
}

function hasOpenChanges({ status, changes = [] }: Conversion): boolean {
  return status !== 'reversed' && changes.some(isOpen);
}
