import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Conversion } from '../src/domain/conversion.js';
import { cut } from '../src/domain/foreign-text.js';
import { explainRejection, rejectionCode } from '../src/domain/impact-reasons.js';
import type { Progress } from '../src/domain/next-step.js';
import { isDeclined } from '../src/domain/reasons.js';
import type { ImpactClient } from '../src/impact/client.js';
import { findAdjustment, findConversion } from '../src/ledger/find-conversion.js';
import { recordAdjustment } from '../src/ledger/record-adjustment.js';
import { markConfirmed, turnDown } from '../src/ledger/settle-submission.js';
import type { ActivityDeps } from './deps.js';
import { askImpact } from './impact-failure.js';
import { progressAfter } from './wake-children.js';

export type Confirmation =
  | { state: 'processing' }
  /** Impact does not know the submission, or does not know it any more. */
  | { state: 'unknown' }
  | { state: 'recorded'; progress: Progress }
  | { state: 'rejected'; reason: string; detail: string };

/** A 200 meant "queued". This asks Impact what became of the conversion, or of an adjustment of it. */
export async function confirmSubmission(deps: ActivityDeps, conversionId: string, adjustmentId?: string) {
  return adjustmentId === undefined
    ? confirmConversion(deps, conversionId)
    : confirmAdjustment(deps, conversionId, adjustmentId);
}

async function confirmConversion(deps: ActivityDeps, id: string): Promise<Confirmation> {
  const conversion = await findConversion(deps.db, id);
  if (conversion.status === 'confirmed') return recorded(deps, conversion);
  const { submission, attribution } = conversion;
  const verdict = await verdictOf(deps.impact, submission?.queuedUri, attribution?.clickId);
  if (verdict.state === 'accepted') return recorded(deps, await markConfirmed(deps, id, verdict.detail));
  if (verdict.state !== 'rejected' || !isDeclined(verdict.reason)) return verdict;
  const { reason, detail } = verdict;
  return recorded(deps, await turnDown(deps, id, { status: 'declined', reason, detail }));
}

/** A refusal of an adjustment always needs a human: the conversion stays as it was. */
async function confirmAdjustment(deps: ActivityDeps, id: string, adjustmentId: string) {
  const { conversion, adjustment } = await findAdjustment(deps.db, id, adjustmentId);
  if (adjustment.status === 'confirmed') return recorded(deps, conversion, adjustmentId);
  const verdict = await verdictOf(deps.impact, adjustment.queuedUri);
  if (verdict.state !== 'accepted') return verdict;
  const { detail } = verdict;
  const confirmed = await recordAdjustment(deps, id, adjustmentId, { status: 'confirmed', detail });
  return recorded(deps, confirmed, adjustmentId);
}

async function recorded(
  deps: ActivityDeps,
  conversion: Conversion,
  adjustmentId?: string,
): Promise<Confirmation> {
  return { state: 'recorded', progress: await progressAfter(deps, conversion, adjustmentId) };
}

type Verdict = Exclude<Confirmation, { state: 'recorded' }> | { state: 'accepted'; detail: string };

/** @throws ApplicationFailure where Impact cannot be asked */
async function verdictOf(
  impact: ImpactClient | null,
  queuedUri: string | undefined,
  clickId?: string,
): Promise<Verdict> {
  if (!queuedUri) throw ApplicationFailure.nonRetryable('Impact gave no receipt to ask for.', 'unconfirmed');
  const found = await askImpact(impact, (client) => client.getSubmission(queuedUri, clickId));
  if (!found) return { state: 'unknown' };
  if (found.state === 'unfamiliar') throw unknownStatus(found.status);
  return found.state === 'processing' ? found : judge(found.errorReasons);
}

/** Impact may pass through a status that it does not document. With the backoff of READING, these are a quarter of an hour. */
const UNKNOWN_STATUS_ATTEMPTS = 5;

function unknownStatus(status: string): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'unconfirmed',
    message: `Impact gives the submission the status "${status}", which this version does not know.`,
    nonRetryable: activityInfo().attempt >= UNKNOWN_STATUS_ATTEMPTS,
  });
}

function judge(errorReasons: readonly string[]): Verdict {
  if (errorReasons.length === 0) return { state: 'accepted', detail: 'Impact accepted it.' };
  const codes = errorReasons.map(rejectionCode);
  if (codes.includes('conv_duplicate')) {
    return {
      state: 'accepted',
      detail: 'Impact had an action with this order id already (CONV_DUPLICATE).',
    };
  }
  return {
    state: 'rejected',
    // A reason that a human can change comes first: only where there is none is the conversion declined.
    reason: codes.find((code) => !isDeclined(code)) ?? codes[0] ?? 'impact_rejected',
    detail: cut(`Impact turned it down. ${errorReasons.map(explainRejection).join(' ')}`),
  };
}
