import { type Adjustment, parkedAdjustment } from '../domain/adjustment.js';
import { type Conversion, lineOfReason, RESTARTED } from '../domain/conversion.js';
import { explainRejection } from '../domain/impact-reasons.js';
import { WAITS_FOR_PARENT } from '../domain/parent.js';
import { type Reason, reasonOf, type StateCode } from '../domain/reasons.js';

/** The answer to "why was this one not tracked?", in plain text. `code` is the reason, or else the state. */
export type Explanation = Pick<Reason, 'code' | 'meaning' | 'retry'> & { action?: string | undefined };

/** A parked adjustment comes before the conversion's own state, because it is the adjustment that waits for a human. */
export function explainConversion(conversion: Conversion): Explanation {
  const adjustment = conversion.status === 'parked' ? undefined : parkedAdjustment(conversion);
  if (adjustment) return explainAdjustment(adjustment);
  const reason = reasonOf(codeOf(conversion, new Date()));
  return explanation(reason, reason.meaning, detailOf(conversion));
}

function explainAdjustment({ kind, parkReason = 'unexpected_error', detail }: Adjustment): Explanation {
  const what = kind === 'reversal' ? 'Its reversal is parked.' : 'Its new amount is parked.';
  const reason = reasonOf(parkReason, 'adjustment');
  return explanation(reason, what, reason.meaning, detail);
}

/**
 * Has each sentence once, as the recorded detail may be the code's meaning word for word, and leaves out the Markdown
 * that the workflow's page and the runbook show.
 */
function explanation({ code, action, retry }: Reason, ...sentences: (string | undefined)[]): Explanation {
  const meaning = [...new Set(sentences.filter(Boolean))].join(' ');
  return { code, meaning, retry, action: action?.replaceAll('`', '') };
}

/** The statuses of which the reason says more than the status. */
const WITH_REASON: readonly string[] = ['skipped', 'parked', 'declined'];

function codeOf({ status, reason, submission }: Conversion, now: Date): string {
  if (WITH_REASON.includes(status)) return reason ?? 'unexpected_error';
  if (status === 'abandoned') return (reason === 'cancelled' ? reason : status) satisfies StateCode;
  if (reason === WAITS_FOR_PARENT || reason === RESTARTED) return reason;
  const onTheWire = submission?.inFlightUntil !== undefined && submission.inFlightUntil > now;
  if (status !== 'reporting' || !submission || onTheWire) return status;
  return (submission.state === 'sending' ? 'may_have_arrived' : 'retrying') satisfies StateCode;
}

/** The facts of this conversion, if they say more than the code's meaning. */
function detailOf(conversion: Conversion): string | undefined {
  const { status, reason, submission, timeline } = conversion;
  if (status === 'pending' && reason !== RESTARTED) return undefined;
  if (reason === WAITS_FOR_PARENT) return lineOfReason(conversion)?.detail;
  if (status === 'reporting')
    return submission && `Attempt ${submission.attempts}: ${submission.sentAt.toISOString()}.`;
  const recorded = timeline.findLast((entry) => entry.status === status)?.detail;
  const meansTheSame = reason && recorded?.endsWith(`it. ${explainRejection(reason.toUpperCase())}`);
  return meansTheSame ? undefined : recorded;
}
