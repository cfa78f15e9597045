import { activityInfo } from '@temporalio/activity';
import { explainRejection } from '../src/domain/impact-reasons.js';
import type { ImpactClient } from '../src/impact/client.js';
import { findConversion } from './find-conversion.js';
import { requireImpact, toApplicationFailure } from './impact-failure.js';
import type { ReportConversionDeps } from './report-conversion.js';

export type Confirmation =
  | { state: 'processing' }
  /** Impact does not know the submission (any more). */
  | { state: 'unknown' }
  | { state: 'confirmed'; detail: string }
  | { state: 'rejected'; reason: string; detail: string };

/** A 200 meant "queued". This asks what Impact made of it. */
export function createConfirmSubmission({ db, impact }: ReportConversionDeps) {
  return async function confirmSubmission(conversionId: string): Promise<Confirmation> {
    const { status, submission } = await findConversion(db, conversionId);
    if (status === 'confirmed') return { state: 'confirmed', detail: 'Impact had accepted it before.' };
    return judgeSubmission(impact, submission?.queuedUri ?? '');
  };
}

/** @throws ApplicationFailure where Impact cannot be asked */
export async function judgeSubmission(impact: ImpactClient | null, queuedUri: string): Promise<Confirmation> {
  const found = await requireImpact(impact)
    .getSubmission(queuedUri)
    .catch((error: unknown) => {
      throw toApplicationFailure(error, activityInfo().attempt);
    });
  if (!found) return { state: 'unknown' };
  return found.state === 'processing' ? found : judge(found.errorReasons);
}

function judge(errorReasons: readonly string[]): Confirmation {
  const [first] = errorReasons;
  if (first === undefined) return { state: 'confirmed', detail: 'Impact accepted it.' };
  if (errorReasons.includes('CONV_DUPLICATE')) {
    return {
      state: 'confirmed',
      detail: 'Impact had an action with this order id already (CONV_DUPLICATE).',
    };
  }
  return {
    state: 'rejected',
    // The park reason is Impact's own word for it.
    reason: /^[A-Z_]+$/.test(first) ? first.toLowerCase() : 'impact_rejected',
    detail: `Impact rejected it. ${errorReasons.map(explainRejection).join(' ')}`,
  };
}
