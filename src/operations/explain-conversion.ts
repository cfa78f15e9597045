import { parkedAdjustment } from '../domain/adjustment.js';
import {
  type Conversion,
  lineOfReason,
  RESTARTED,
  type TimelineEntry,
  USER_ERASED,
} from '../domain/conversion.js';
import { erasedText, staysEnded } from '../domain/erasure.js';
import type { KeptFinding } from '../domain/findings.js';
import { explainRejection } from '../domain/impact-reasons.js';
import { outcomeOf, outcomeOfFinding, reasonFor } from '../domain/outcome.js';
import { WAITS_FOR_PARENT } from '../domain/parent.js';
import { type Outcome, type Reason, reasonOf } from '../domain/reasons.js';

/**
 * The answer to "why was this one not tracked?", in plain text, for an engineer and for an affiliate manager. `code` is the
 * reason, or else the state.
 */
export type Explanation = Pick<Reason, 'code' | 'meaning' | 'retry'> &
  Outcome & { action?: string | undefined };

/** @param findings of audits about it, newest first */
export function explainConversion(
  conversion: Conversion,
  findings: readonly KeptFinding[] = [],
): Explanation {
  const now = new Date();
  const adjustment = conversion.status === 'parked' ? undefined : parkedAdjustment(conversion);
  const situation = { ...conversion, parkedAdjustment: adjustment };
  const { code, meaning, ...rest } = reasonFor(situation, now);
  const outcome = outcomeOfFinding(findings, conversion.updatedAt) ?? outcomeOf(situation, now);
  // Whatever it ended for, no retry changes it any more.
  const { action, retry, advice } = staysEnded(conversion)
    ? reasonOf(USER_ERASED)
    : { ...rest, advice: outcome.advice };
  const { erasedAt } = conversion;
  const sentences = adjustment
    ? [PARKED[adjustment.kind], meaning, adjustment.detail]
    : [meaning, detailOf(conversion)];
  if (erasedAt) sentences.push(erasedText(erasedAt));
  return {
    code,
    // Each sentence once, as the recorded detail may be the code's meaning word for word.
    meaning: [...new Set(sentences.filter(Boolean))].join(' '),
    retry,
    // Without the Markdown that the workflow's page and the runbook show.
    action: action?.replaceAll('`', ''),
    ...outcome,
    ...(advice === undefined ? {} : { advice }),
  };
}

const PARKED = { reversal: 'Its reversal is parked.', amount: 'Its new amount is parked.' } as const;

/** The facts of this conversion, if they say more than the code's meaning. */
function detailOf(conversion: Conversion): string | undefined {
  const { status, reason, submission, timeline } = conversion;
  if (status === 'pending' && reason !== RESTARTED) return undefined;
  if (reason === WAITS_FOR_PARENT) return lineOfReason(conversion)?.detail;
  if (status === 'reporting')
    return submission && `Attempt ${submission.attempts}: ${submission.sentAt.toISOString()}.`;
  const isOwn = (line: TimelineEntry) => reason === USER_ERASED || line.reason !== USER_ERASED;
  const recorded = timeline.findLast((entry) => entry.status === status && isOwn(entry))?.detail;
  const meansTheSame = reason && recorded?.endsWith(`it. ${explainRejection(reason.toUpperCase())}`);
  return meansTheSame ? undefined : recorded;
}
