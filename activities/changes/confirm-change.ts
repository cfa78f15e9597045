import { ApplicationFailure } from '@temporalio/common';
import { type Confirmation, judgeSubmission } from '../confirm-submission.js';
import type { ReportConversionDeps } from '../report-conversion.js';
import { findChange } from './find-change.js';

/** What Impact made of a reversal or a new amount. */
export function createConfirmChange({ db, impact }: ReportConversionDeps) {
  return async function confirmChange(conversionId: string, changeId: string): Promise<Confirmation> {
    const { change } = await findChange(db, conversionId, changeId);
    if (change.status === 'confirmed') return { state: 'confirmed', detail: 'It was confirmed before.' };
    if (!change.queuedUri) {
      throw ApplicationFailure.nonRetryable('Impact gave no receipt to ask for.', 'unconfirmed');
    }
    return judgeSubmission(impact, change.queuedUri);
  };
}
