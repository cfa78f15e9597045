import type { Adjustment } from '../domain/adjustment.js';
import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import type { Conversion } from '../domain/conversion.js';
import { checkReferralWindow } from '../domain/referral-window.js';
import { explainReason } from '../impact/submission-reasons.js';
import { parkedAdjustment } from '../ledger/list-conversions.js';
import { type Meaning, meaningOf, meaningOfAdjustment, type StateCode } from './explanations.js';

/** The answer to "why was this one not tracked?". */
export interface Explanation extends Meaning {
  /** Stable: the reason, or where it stands. */
  code: string;
}

/** A parked adjustment comes before the conversion's own state: it is what waits for a human. */
export function explainConversion(conversion: Conversion, campaignEvents: CampaignEvents): Explanation {
  const adjustment = conversion.status === 'parked' ? undefined : parkedAdjustment(conversion);
  if (adjustment) return explainAdjustment(adjustment);
  const code = codeOf(conversion, new Date());
  const { explanation, ...next } = meaningOf(code);
  return { code, explanation: sentences(explanation, detailOf(conversion, campaignEvents)), ...next };
}

function explainAdjustment({ kind, parkReason = 'unexpected_error', detail }: Adjustment): Explanation {
  const what = kind === 'reversal' ? 'Its reversal is parked.' : 'Its new amount is parked.';
  const { explanation, ...next } = meaningOfAdjustment(parkReason);
  return { code: parkReason, explanation: sentences(what, explanation, detail), ...next };
}

function codeOf({ status, reason, submission }: Conversion, now: Date): string {
  if (status === 'skipped' || status === 'parked') return reason ?? 'unexpected_error';
  if (status === 'abandoned') return (reason === 'cancelled' ? reason : status) satisfies StateCode;
  const onTheWire = submission?.inFlightUntil !== undefined && submission.inFlightUntil > now;
  if (status !== 'reporting' || !submission || onTheWire) return status satisfies StateCode;
  return (submission.state === 'sending' ? 'may_have_arrived' : 'retrying') satisfies StateCode;
}

/** What is known of this one, where that says more than the code's meaning. */
function detailOf(conversion: Conversion, campaignEvents: CampaignEvents): string | undefined {
  const { status, reason, submission, timeline } = conversion;
  if (status === 'pending') return undefined;
  if (status === 'reporting')
    return submission && `Attempt ${submission.attempts}: ${submission.sentAt.toISOString()}.`;
  const recorded = timeline.findLast((entry) => entry.status === status)?.detail;
  if (reason === 'outside_referral_window') return recorded ?? windowOf(conversion, campaignEvents);
  const meansTheSame = reason && recorded?.endsWith(`down. ${explainReason(reason.toUpperCase())}`);
  return meansTheSame ? undefined : recorded;
}

function windowOf(
  { campaignEventId, attribution, occurredAt }: Conversion,
  campaignEvents: CampaignEvents,
): string | undefined {
  const event = campaignEvents.all.find(({ id }) => id === campaignEventId);
  if (!event || !attribution) return undefined;
  const { referralWindowDays } = event;
  return checkReferralWindow({ capturedAt: attribution.capturedAt, occurredAt, referralWindowDays }).detail;
}

/** What is known may be no more than what the code means. */
function sentences(...parts: readonly (string | undefined)[]): string {
  return [...new Set(parts.filter(Boolean))].join(' ');
}
