import { CancellationScope, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Decision, Progress, Step } from '../src/domain/next-step.js';
import { type Failure, noteText } from '../src/domain/workflow-names.js';
import { toFailure } from './failure.js';
import { type Operators, take, untilRetryOrNews } from './operators.js';
import { LEDGER } from './options.js';
import type { Page } from './page.js';

/** One run of a conversion's workflow. */
export interface Run {
  conversionId: string;
  operators: Operators;
  page: Page;
  /** The workflow was cancelled from outside, which counts as abandoning the conversion. */
  cancelled: boolean;
}

/** `load`: ask the ledger what is next. */
export type AnyStep = Step | { kind: 'load'; isReset?: boolean };

const { loadAttribution, recordStep } = proxyLocalActivities<Activities>(LEDGER);

/**
 * Carries out one step. A step that fails for good parks the conversion, or its adjustment; a step that an operator
 * abandons is given up. This is the only place for either.
 * @returns where the conversion stands then, and what is next
 */
export async function untilDone(run: Run, step: AnyStep, carryOut: () => Promise<Progress>) {
  const { operators, page } = run;
  const scope = new CancellationScope();
  if (step.kind !== 'load') {
    if (operators.abandonment) return giveUp(run, step);
    operators.onAbandon = () => scope.cancel();
  }
  // A retry that an operator signalled before an attempt began was meant for an earlier one.
  if (step.kind !== 'load' && step.kind !== 'wait') operators.retry = undefined;
  try {
    const progress = await scope.run(carryOut);
    page.show(progress);
    // The step was done all the same; what is next may be a refund, which was not abandoned.
    if (scope.consideredCancelled && !concernsTheSame(progress.next, step)) operators.abandonment = undefined;
    return progress;
  } catch (error) {
    return scope.consideredCancelled ? giveUp(run, step) : park(run, step, toFailure(error));
  }
}

/** Whether both are about the conversion itself, or about the same adjustment. */
function concernsTheSame(next: Step | null, step: AnyStep): boolean {
  return next !== null && adjustmentIdOf(next) === adjustmentIdOf(step);
}

function adjustmentIdOf(step: AnyStep): string | undefined {
  return 'adjustmentId' in step ? step.adjustmentId : undefined;
}

/** Parked: waits without a limit for an operator's retry, or for an adjustment that comes first. */
export async function waitForOperator(run: Run, step: Extract<Step, { kind: 'wait' }>): Promise<Progress> {
  run.page.park({ reason: step.reason, message: step.detail }, step.adjustmentId);
  for (;;) {
    const retry = await untilRetryOrNews(run.operators);
    if (retry) return record(run, step, { status: 'resumed', detail: noteText('Retried', retry) });
    const { next } = await loadAttribution(run.conversionId);
    if (next?.kind !== 'wait' || next.adjustmentId !== step.adjustmentId)
      return record(run, step, { status: 'resumed', detail: 'An adjustment comes first.' });
  }
}

/** An operator wants a conversion reported although it was abandoned, declined or skipped. */
export function restart(run: Run): Promise<Progress> {
  const detail = noteText('Restarted', take(run.operators, 'retry'));
  return record(run, { kind: 'load' }, { status: 'resumed', detail });
}

/** Writes a decision into the ledger, also while the workflow is being cancelled, and shows it on the page. */
export async function record(run: Run, step: AnyStep, decision: Decision): Promise<Progress> {
  const { conversionId, page } = run;
  const progress = await CancellationScope.nonCancellable(() => recordStep(conversionId, step, decision));
  page.show(progress);
  return progress;
}

async function park(run: Run, step: AnyStep, failure: Failure): Promise<Progress> {
  const { reason, message: detail, turnedDown } = failure;
  const progress = await record(run, step, { status: 'parked', reason, detail, turnedDown });
  if (progress.next?.kind === 'wait') run.page.park(failure, progress.next.adjustmentId);
  return progress;
}

/** What Impact has acknowledged stays so: only the workflow stops asking about it. */
function giveUp(run: Run, step: AnyStep): Promise<Progress> {
  const abandonment = take(run.operators, 'abandonment');
  if (abandonment)
    return record(run, step, { status: 'abandoned', detail: noteText('Abandoned', abandonment) });
  run.cancelled = true;
  const detail = 'The workflow was cancelled.';
  return record(run, step, { status: 'abandoned', reason: 'cancelled', detail });
}
