import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { isOpen } from '../domain/adjustment.js';
import { type Conversion, type ConversionStatus, conversionIdOf } from '../domain/conversion.js';
import { REVERSAL_WORKFLOW_TYPE, WORKFLOW_TYPE } from '../domain/workflow-names.js';
import { describeEnd } from './describe-end.js';
import { type ReopenDeps, reopenConversion, reopenReversal } from './reopen.js';

export interface ReopenEndedOptions {
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
export async function reopenEndedWorkflows(deps: ReopenDeps, options: ReopenEndedOptions): Promise<void> {
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
  const park = async () => ({
    reason: 'workflow_terminated',
    message: await describeEnd(deps.temporal, ended),
  });
  if (ended.type === WORKFLOW_TYPE && isUnfinished(conversion, deps.confirms))
    await reopenConversion(deps, conversion, await park());
  else if (hasOpenAdjustments(conversion)) await reopenReversal(deps, conversion, await park());
}

const UNFINISHED: readonly ConversionStatus[] = ['pending', 'reporting', 'parked'];

function isUnfinished({ status }: Conversion, confirms: boolean): boolean {
  return UNFINISHED.includes(status) || (confirms && status === 'submitted');
}

function hasOpenAdjustments({ status, adjustments = [] }: Conversion): boolean {
  return status !== 'reversed' && adjustments.some(isOpen);
}
