import { ApplicationFailure } from '@temporalio/common';
import { type Confirmation, judgeSubmission } from './confirm-submission.js';
import { findAdjustment } from './find-adjustment.js';
import type { ReportConversionDeps } from './report-conversion.js';

/** What Impact made of a reversal or a new amount. */
export function createConfirmAdjustment({ db, impact }: ReportConversionDeps) {
  return async function confirmAdjustment(conversionId: string, adjustmentId: string): Promise<Confirmation> {
    const { adjustment } = await findAdjustment(db, conversionId, adjustmentId);
    if (adjustment.status === 'confirmed') return { state: 'confirmed', detail: 'It was confirmed before.' };
    if (!adjustment.queuedUri) {
      throw ApplicationFailure.nonRetryable('Impact gave no receipt to ask for.', 'unconfirmed');
    }
    return judgeSubmission(impact, adjustment.queuedUri);
  };
}
