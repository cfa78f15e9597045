import type { SkipReason } from './conversion.js';
import { IMPACT_REASONS } from './impact-reasons.js';
import { PARK_REASONS } from './park-reasons.js';
import { ALERT, type Outcome, type Reason, type ReasonRow } from './reason-row.js';
import { SKIPS, STATES } from './state-reasons.js';

export type { Outcome, Reason, ReasonRow, Retry } from './reason-row.js';
export { SKIPS, STATES, type StateCode } from './state-reasons.js';

/** A code that skips as well as parks has words for both. */
const PARKED = PARK_REASONS satisfies Record<
  Extract<SkipReason, keyof typeof PARK_REASONS>,
  { skipped: Outcome }
>;

const ROWS: ReadonlyMap<string, ReasonRow> = new Map(
  [STATES, SKIPS, PARKED, IMPACT_REASONS].flatMap((rows) => Object.entries(rows)),
);

/**
 * Impact's own codes are in lower case, as in the ledger.
 * @param of what has the code: a conversion, one that is skipped, or a refund or a new amount
 */
export function reasonOf(code: string, of: 'conversion' | 'skipped' | 'adjustment' = 'conversion'): Reason {
  const { adjustment, skipped, ...conversion } = ROWS.get(code) ?? undocumented(code);
  return { code, ...conversion, ...{ conversion, skipped, adjustment }[of] };
}

/**
 * Impact has processed the conversion and never credits it, and no human can change that here: the conversion ends as
 * `declined`. An adjustment with such a code parks.
 */
export function isDeclined(code: string): boolean {
  return IMPACT_REASONS[code]?.retry === 'no';
}

/** Impact may add a code, and a newer version of this service may have written one. */
function undocumented(code: string): ReasonRow {
  return {
    meaning: `This version does not know the reason "${code}". It is most likely a code that Impact does not document.`,
    action: 'Read its timeline, and ask Impact what the code means, before you retry or abandon it.',
    retry: 'after_fix',
    outcome: `It is not credited now, for a reason that this service does not know. ${ALERT}`,
    advice:
      "Ask your engineers for the reason. It is most likely Impact's, and Impact's support can say what it means.",
  };
}
