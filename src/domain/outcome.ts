import type { Adjustment } from './adjustment.js';
import { type ConversionStatus, RESTARTED, type Submission } from './conversion.js';
import { FINDINGS, type KeptFinding } from './findings.js';
import { WAITS_FOR_PARENT } from './parent.js';
import { type Outcome, type Reason, reasonOf, type StateCode } from './reasons.js';

/** As much of a conversion as says where it is: of its document, or of a row in a list. */
export interface Situation {
  status: ConversionStatus;
  reason?: string | undefined;
  submission?: Pick<Submission, 'state' | 'inFlightUntil'> | undefined;
  parkedAdjustment?: Pick<Adjustment, 'kind' | 'parkReason'> | undefined;
}

/** What happened, and what to do about it, in an affiliate manager's words. */
export function outcomeOf(situation: Situation, now: Date): Outcome {
  const { outcome, advice } = reasonFor(situation, now);
  const adjustment = adjustmentFirst(situation);
  const words = adjustment ? `${whatWaits(situation, adjustment)} ${outcome}` : outcome;
  return { outcome: words, ...(advice === undefined ? {} : { advice }) };
}

/** In the words of an audit that knows who is paid, if the conversion has not changed since. */
export function outcomeOfFinding(findings: readonly KeptFinding[], updatedAt: Date): Outcome | undefined {
  const newest = findings.find(
    ({ kind, lastSeenAt }) => 'isOutcome' in FINDINGS[kind] && lastSeenAt > updatedAt,
  );
  if (!newest) return undefined;
  const { outcome, advice } = FINDINGS[newest.kind];
  return { outcome, advice };
}

/** The reason that says the most: that of a parked adjustment, of the conversion, or its state. */
export function reasonFor(situation: Situation, now: Date): Reason {
  const adjustment = adjustmentFirst(situation);
  if (adjustment) return reasonOf(adjustment.parkReason ?? 'unexpected_error', 'adjustment');
  return reasonOf(codeOf(situation, now), situation.status === 'skipped' ? 'skipped' : 'conversion');
}

/** A parked adjustment comes before the conversion's own state, because it is the adjustment that waits for a human. */
function adjustmentFirst({ status, parkedAdjustment }: Situation) {
  return status === 'parked' ? undefined : parkedAdjustment;
}

const CHANGE = { reversal: 'refund', amount: 'new amount' } as const;

function whatWaits({ submission }: Situation, { kind }: Pick<Adjustment, 'kind'>): string {
  const isReported = submission?.state === 'queued';
  return isReported ? `It was reported, and its ${CHANGE[kind]} waits.` : `Its ${CHANGE[kind]} waits.`;
}

/** The statuses of which the reason says more than the status. */
const WITH_REASON: readonly ConversionStatus[] = ['skipped', 'parked', 'declined'];

function codeOf({ status, reason, submission }: Situation, now: Date): string {
  if (WITH_REASON.includes(status)) return reason ?? 'unexpected_error';
  if (status === 'abandoned') return (reason === 'cancelled' ? reason : status) satisfies StateCode;
  if (reason === WAITS_FOR_PARENT || reason === RESTARTED) return reason;
  const onTheWire = submission?.inFlightUntil !== undefined && submission.inFlightUntil > now;
  if (status !== 'reporting' || !submission || onTheWire) return status;
  return (submission.state === 'sending' ? 'may_have_arrived' : 'retrying') satisfies StateCode;
}
