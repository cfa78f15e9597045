import { REJECTIONS, type Rejection } from './impact-rejections.js';
import { wordOf } from './impact-words.js';
import { ALERT, type ReasonRow } from './reason-row.js';

const DUPLICATE = 'Impact already has an action with the same order id';

/**
 * Why Impact rejects a submission that it has queued. With a fix, the conversion parks; as no human can change a cause without
 * one, the conversion is declined.
 */
export const IMPACT_REASONS: Readonly<Record<string, ReasonRow>> = {
  ...Object.fromEntries(
    Object.entries(REJECTIONS).map(([code, rejection]) => [code, rowOf(code, rejection)]),
  ),
  conv_duplicate: {
    meaning: `${DUPLICATE}.`,
    action: 'Nothing: Impact has it, so it counts as confirmed.',
    retry: 'none',
    outcome: 'Impact had an order with this id already, so it counts once, as accepted.',
    advice: 'Look the order up in Impact to see which partner it credits, and what it pays.',
  },
};

function rowOf(code: string, rejection: Rejection): ReasonRow {
  const { because, fix, advice } = rejection;
  const meaning = `Impact rejected it: ${because}.`;
  const outcome = `${meaning} ${ALERT}`;
  const adjustment = `Impact rejected the adjustment: ${because}.`;
  if (fix !== undefined) {
    const action = `${fix} Then retry, which sends it again.`;
    const words = { action, outcome, advice };
    return { ...words, meaning, retry: 'after_fix', adjustment: { ...words, meaning: adjustment } };
  }
  return {
    meaning,
    action:
      'Nothing: Impact would reject it again. To send it again on purpose, retry it with a restart (`--restart`).',
    retry: 'no',
    outcome: rejection.outcome,
    advice,
    adjustment: {
      meaning:
        code === 'action_ref_not_found'
          ? 'Impact has no action for this order that could be changed.'
          : adjustment,
      action:
        'Look the order up at Impact. Retry the adjustment once its action is there and can be changed. Abandon it if Impact credits the order to no partner.',
      outcome:
        code === 'action_ref_not_found'
          ? `Impact lists nothing for this order that could change. ${ALERT}`
          : outcome,
      advice:
        'Look the order up in Impact. If it credits no partner there, nothing has to change: tell your engineers so.',
    },
  };
}

const CODES: ReadonlyMap<string, string> = new Map(
  Object.keys(IMPACT_REASONS).map((code) => [wordOf(code), code]),
);

/** Impact's code of a reason, in lower case, however it is spelled; `impact_rejected` if it does not look like a code. */
export function rejectionCode(reason: string): string {
  return CODES.get(wordOf(reason)) ?? (looksLikeCode(reason) ? reason.toLowerCase() : 'impact_rejected');
}

export function isDocumented(reason: string): boolean {
  return CODES.has(wordOf(reason));
}

/** Impact may not document it. It becomes a search attribute, which must be short. */
export function looksLikeCode(reason: string): boolean {
  return isDocumented(reason) || /^[A-Z_]{1,64}$/.test(reason);
}

/** `CONTRACT_NOT_FOUND: the partner had no contract at the time.` */
export function explainRejection(reason: string): string {
  const code = CODES.get(wordOf(reason));
  if (code === undefined) return `${reason}: Impact does not document this reason.`;
  return `${code.toUpperCase()}: ${REJECTIONS[code]?.because ?? DUPLICATE}.`;
}
