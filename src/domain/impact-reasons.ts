import { wordOf } from './impact-words.js';
import type { ReasonRow } from './reasons.js';

const MALFORMED = [
  'the conversion is malformed',
  'Find out with Impact which field is wrong, and correct it.',
] as const;

/**
 * Why Impact rejects a submission that it has queued, by its codes in lower case, as in the ledger: a clause, and the
 * fix, with which the conversion parks. No human can change a cause without a fix, so the conversion is declined.
 * Codes: https://help.impact.com/en/support/solutions/articles/48001235116-impact-com-error-codes-reference
 * and Impact's published v14 specification of APISubmissions; which of them a human can fix, and how, is ours.
 */
const REJECTIONS: Readonly<Record<string, readonly [because: string, fix?: string]>> = {
  actionterms_not_found: [
    'the contract has no terms for this event type',
    "Add terms for the event type to the partner's contract at Impact.",
  ],
  actiontracker_campaign_mismatch: [
    'the event type belongs to another programme',
    correct('`campaignId` or `actionTrackerId`'),
  ],
  actiontracker_not_active: ['the event type is not active', 'Activate the event type at Impact.'],
  actiontracker_not_found: ['Impact does not know the event type', correct('`actionTrackerId`')],
  blacklisted_source_ip: [
    'it came from an address that the account blocks',
    "Remove the worker's address from the account's block list at Impact.",
  ],
  call_for_call_per_conv_at: [
    'a call was sent for an event type that takes none',
    'Change the event type at Impact, or correct `actionTrackerId` of the event and deploy it.',
  ],
  campaign_not_found: ['Impact does not know the programme', correct('`campaignId`')],
  contract_not_found: [
    'the partner had no contract at the time',
    'Give the partner a contract at Impact that covers the time of the event.',
  ],
  conv_malformed: MALFORMED,
  malformed: MALFORMED,
  no_item: [
    'the event type requires items, and there were none',
    'Change the event type at Impact so that it does not require items.',
  ],
  oid_missing: [
    'it has no order id',
    'Correct the order id that its type makes (src/domain/programme/types/), and deploy it.',
  ],
  partner_not_active: ['the partner is not active', 'Activate the partner at Impact.'],
  reftype_not_accepted: [
    'the contract does not credit this kind of reference',
    "Change the partner's contract at Impact so that it credits clicks.",
  ],

  action_ref_not_found: ['Impact found no click or partner to credit it to'],
  blocked_by_promocode: ['a promo code blocks the credit'],
  call_duplicate: ['the call was tracked before'],
  call_duration_too_short: ['the call was too short'],
  call_incomplete: ['the call was not completed'],
  call_outside_daily_range: ['the call was outside the hours of the contract'],
  crediting_rule_mismatch: ["Impact's crediting rules credit no partner"],
  max_recurrences_reached: ['the customer has had all the actions that the contract pays for'],
  no_valid_action_ref: ['none of its references is valid'],
  other_ref_prioritized: ['another click or partner took precedence'],
  outside_association_window: ["the click is older than the contract's referral window"],
  restricted_promocode: ['the promo code is restricted'],
  unclaimed: ['no partner claims it'],
};

function correct(field: string): string {
  return `Correct ${field} in the programme (\`PROGRAMME_FILE\`), and restart API and worker.`;
}

const DUPLICATE = 'Impact already has an action with the same order id';

export const IMPACT_REASONS: Readonly<Record<string, ReasonRow>> = {
  ...Object.fromEntries(
    Object.entries(REJECTIONS).map(([code, [because, fix]]) => [code, rowOf(code, because, fix)]),
  ),
  conv_duplicate: {
    meaning: `${DUPLICATE}.`,
    action: 'Nothing: Impact has it, so it counts as confirmed.',
    retry: 'none',
  },
};

function rowOf(code: string, because: string, fix: string | undefined): ReasonRow {
  const meaning = `Impact rejected it: ${because}.`;
  const adjustment = `Impact rejected the adjustment: ${because}.`;
  if (fix !== undefined) {
    const action = `${fix} Then retry, which sends it again.`;
    return { meaning, action, retry: 'after_fix', adjustment: { meaning: adjustment, action } };
  }
  return {
    meaning,
    action:
      'Nothing: Impact would reject it again. To send it again on purpose, retry it with a restart (`--restart`).',
    retry: 'no',
    adjustment: {
      meaning:
        code === 'action_ref_not_found'
          ? 'Impact has no action for this order that could be changed.'
          : adjustment,
      action:
        'Look the order up at Impact. Retry the adjustment once its action is there and can be changed. Abandon it if Impact credits the order to no partner.',
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
  return `${code.toUpperCase()}: ${REJECTIONS[code]?.[0] ?? DUPLICATE}.`;
}
