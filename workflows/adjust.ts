import { CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Progress, Step } from '../src/domain/next-step.js';
import { type ConfirmStep, confirm } from './confirm.js';
import { StepFailed, toFailure } from './failure.js';
import { EXAMINING, SENDING } from './options.js';
import { type Run, record } from './until-done.js';

const { sendAdjustment } = proxyActivities<Activities>(SENDING);
const { examineAction } = proxyActivities<Activities>(EXAMINING);

/** Sends a refund, or a new amount, of a conversion that Impact has. */
export function adjust(run: Run, step: Extract<Step, { kind: 'adjust' }>): Promise<Progress> {
  const { adjustmentId } = step;
  run.page.show({ status: 'reporting', adjustmentId });
  return unlessDone(run, step, adjustmentId, sendAdjustment(run.conversionId, adjustmentId));
}

export function confirmAdjustment(run: Run, step: ConfirmStep, adjustmentId: string): Promise<Progress> {
  return unlessDone(run, step, adjustmentId, confirm(run, step));
}

/** Impact's refusal does not say why, so the worker looks at the Action to see whether the refusal matters. */
async function unlessDone(run: Run, step: Step, adjustmentId: string, sent: Promise<Progress>) {
  try {
    return await sent;
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    const failure = toFailure(error);
    if (!failure.turnedDown && failure.reason !== 'impact_refused') throw error;
    // Where Impact cannot be asked, the refusal stands as it is.
    const found = await examineAction(run.conversionId, adjustmentId).catch(() => undefined);
    // Where Impact says the same as its list: neither a human nor a retry finds the Action of an order that has none.
    const isAbsent = found?.state === 'absent' && failure.reason === 'action_ref_not_found';
    if (found?.state === 'done' || (found && isAbsent))
      return record(run, step, { status: 'confirmed', detail: found.detail });
    if (found?.state === 'locked')
      throw new StepFailed({ ...failure, reason: 'locked', message: found.detail });
    throw error;
  }
}
