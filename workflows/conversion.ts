import { CancelledFailure, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Progress } from '../src/domain/next-step.js';
import { adjust, confirmAdjustment } from './adjust.js';
import { confirm } from './confirm.js';
import { listenToOperators } from './operators.js';
import { LEDGER } from './options.js';
import { type ConversionState, createPage } from './page.js';
import { report } from './report.js';
import { type AnyStep, type Run, restart, untilDone, waitForOperator } from './until-done.js';

const { loadAttribution } = proxyLocalActivities<Activities>(LEDGER);

/**
 * One conversion: the worker reports it to Impact once, asks Impact for the outcome, and carries out refunds and new
 * amounts (adjustments): before or after the report, and years later in another run of the same workflow id.
 *
 * The workflow keeps no memory of its own. It asks the ledger what is next, does that until it is done, and each activity
 * answers with what is next after it. So a run may be reset, or started twice: a run that finds nothing to do ends.
 *
 * A conversion that cannot go on without a human is parked: it waits for `retry` or `abandon` without a limit, so there is
 * no execution timeout. A bug in this code (a plain Error) fails the workflow task, not the workflow: the workflow stays
 * Running, and goes on when the fix is deployed.
 */
export async function ConversionWorkflow({
  conversionId,
}: {
  conversionId: string;
}): Promise<ConversionState> {
  const operators = listenToOperators();
  const run: Run = { conversionId, operators, page: createPage(conversionId), cancelled: false };
  const untilStepIsDone = (step: AnyStep) => untilDone(run, step, () => carryOut(run, step));

  const { runId, firstExecutionRunId } = workflowInfo();
  // Only the activity branches on the reset, never the workflow: a replay runs the events from before it as well.
  let progress = await untilStepIsDone({ kind: 'load', isReset: runId !== firstExecutionRunId });

  while (!run.cancelled) {
    if (progress.next) progress = await untilStepIsDone(progress.next);
    else if (operators.retry?.restart) progress = await restart(run);
    else if (operators.news) progress = await untilStepIsDone({ kind: 'load' });
    else return run.page.state();
  }
  throw new CancelledFailure('The conversion was abandoned, because its workflow was cancelled.');
}

function carryOut(run: Run, step: AnyStep): Promise<Progress> {
  switch (step.kind) {
    case 'load':
      run.operators.news = false;
      return loadAttribution(run.conversionId, step.isReset);
    case 'report':
      return report(run, step);
    case 'confirm':
      return step.adjustmentId ? confirmAdjustment(run, step, step.adjustmentId) : confirm(run, step);
    case 'adjust':
      return adjust(run, step);
    case 'wait':
      return waitForOperator(run, step);
  }
}
