import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { inWords } from '../src/domain/duration.js';
import { CONFIRM_WITHIN_MS } from '../src/domain/impact-times.js';
import type { Step } from '../src/domain/next-step.js';
import { StepFailed } from './failure.js';
import { increasingWaitsMs, LONGEST_CONFIRM_WAIT_MS, READING } from './options.js';
import type { Run } from './until-done.js';

export type ConfirmStep = Extract<Step, { kind: 'confirm' }>;

const { confirmSubmission } = proxyActivities<Activities>(READING);

/** A receipt says "queued". Impact decides later whether it accepts the conversion, or an adjustment of it. */
export async function confirm({ conversionId }: Run, step: ConfirmStep) {
  // A step of an old history is without `withinMs`.
  const { afterMs, withinMs = CONFIRM_WITHIN_MS, adjustmentId } = step;
  for (const waitMs of increasingWaitsMs({ afterMs, withinMs }, LONGEST_CONFIRM_WAIT_MS)) {
    await sleep(waitMs, { summary: 'until Impact has processed it' });
    const confirmation = await confirmSubmission(conversionId, adjustmentId);
    if (confirmation.state === 'recorded') return confirmation.progress;
    if (confirmation.state === 'rejected') {
      const { reason, detail } = confirmation;
      throw new StepFailed({ reason, message: detail, turnedDown: true });
    }
    if (confirmation.state === 'unknown')
      throw new StepFailed({ reason: 'unconfirmed', message: 'Impact does not know the submission.' });
  }
  const message = `Impact had not processed it after ${inWords(withinMs)}.`;
  throw new StepFailed({ reason: 'unconfirmed', message });
}
