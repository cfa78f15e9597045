import type { Outcome } from './reason-row.js';

/** Why Impact rejects a submission: a clause, and either the fix, or the words for a conversion that nothing can fix. */
export type Rejection = { because: string } & (
  | { fix: string; advice: string }
  | (Required<Outcome> & { fix?: undefined })
);

const SEND_AGAIN = 'Then ask your engineers to send it again.';

/** The programme of this service names something else than Impact has. */
function misnamed(because: string, field: string): Rejection {
  return {
    because,
    fix: `Correct ${field} in the programme (\`PROGRAMME_FILE\`), and restart API and worker.`,
    advice:
      'If you changed the programme or its event types in Impact, tell your engineers what they are called now.',
  };
}

const MALFORMED: Rejection = {
  because: 'the conversion is malformed',
  fix: 'Find out with Impact which field is wrong, and correct it.',
  advice: "Ask Impact's support which part of it is wrong, and tell your engineers.",
};

const CALLS = 'Tell the partner so. The rules for calls are in the contract, in Impact.';
const PROMO_CODES = 'Tell the partner so. The rules for promo codes are in the contract, in Impact.';

/**
 * By Impact's codes in lower case, as in the ledger.
 * Codes: https://help.impact.com/en/support/solutions/articles/48001235116-impact-com-error-codes-reference
 * and Impact's published v14 specification of APISubmissions; which of them a human can fix, and how, is ours.
 */
export const REJECTIONS: Readonly<Record<string, Rejection>> = {
  actionterms_not_found: {
    because: 'the contract has no terms for this event type',
    fix: "Add terms for the event type to the partner's contract at Impact.",
    advice: `Add terms for the event type to the partner's contract in Impact. ${SEND_AGAIN}`,
  },
  actiontracker_campaign_mismatch: misnamed(
    'the event type belongs to another programme',
    '`campaignId` or `actionTrackerId`',
  ),
  actiontracker_not_active: {
    because: 'the event type is not active',
    fix: 'Activate the event type at Impact.',
    advice: `Activate the event type in Impact. ${SEND_AGAIN}`,
  },
  actiontracker_not_found: misnamed('Impact does not know the event type', '`actionTrackerId`'),
  blacklisted_source_ip: {
    because: 'it came from an address that the account blocks',
    fix: "Remove the worker's address from the account's block list at Impact.",
    advice: `Remove the address of this service, which your engineers know, from the account's block list in Impact. ${SEND_AGAIN}`,
  },
  call_for_call_per_conv_at: {
    because: 'a call was sent for an event type that takes none',
    fix: 'Change the event type at Impact, or correct `actionTrackerId` of the event and deploy it.',
    advice: 'If you changed the event type in Impact, tell your engineers what you changed.',
  },
  campaign_not_found: misnamed('Impact does not know the programme', '`campaignId`'),
  contract_not_found: {
    because: 'the partner had no contract at the time',
    fix: 'Give the partner a contract at Impact that covers the time of the event.',
    advice: `Give the partner a contract in Impact that covers that day. ${SEND_AGAIN}`,
  },
  conv_malformed: MALFORMED,
  malformed: MALFORMED,
  no_item: {
    because: 'the event type requires items, and there were none',
    fix: 'Change the event type at Impact so that it does not require items.',
    advice: `Change the event type in Impact so that it does not require items. ${SEND_AGAIN}`,
  },
  oid_missing: {
    because: 'it has no order id',
    fix: 'Correct the order id that its type makes (src/domain/programme/types/), and deploy it.',
    advice: 'Tell the partner that it is not lost: your engineers can still send it.',
  },
  partner_not_active: {
    because: 'the partner is not active',
    fix: 'Activate the partner at Impact.',
    advice: `If the partner should be paid for it, activate the partner in Impact. ${SEND_AGAIN}`,
  },
  reftype_not_accepted: {
    because: 'the contract does not credit this kind of reference',
    fix: "Change the partner's contract at Impact so that it credits clicks.",
    advice: `If the partner should be paid for it, change the contract in Impact so that it credits clicks. ${SEND_AGAIN}`,
  },

  action_ref_not_found: {
    because: 'Impact found no click or partner to credit it to',
    outcome: "Impact does not know the click with which the customer came as a partner's.",
    advice: "If you see the click in Impact, ask Impact's support why it was not found.",
  },
  blocked_by_promocode: {
    because: 'a promo code blocks the credit',
    outcome: 'Impact does not credit it, because the promo code that the customer used rules that out.',
    advice: PROMO_CODES,
  },
  call_duplicate: {
    because: 'the call was tracked before',
    outcome: 'Impact had counted this call before.',
    advice: CALLS,
  },
  call_duration_too_short: {
    because: 'the call was too short',
    outcome: 'The call was shorter than the contract in Impact requires.',
    advice: CALLS,
  },
  call_incomplete: {
    because: 'the call was not completed',
    outcome: 'The call was not completed.',
    advice: CALLS,
  },
  call_outside_daily_range: {
    because: 'the call was outside the hours of the contract',
    outcome: 'The call came outside the hours that the contract in Impact names.',
    advice: CALLS,
  },
  crediting_rule_mismatch: {
    because: "Impact's crediting rules credit no partner",
    outcome: "The programme's crediting rules in Impact give it to no partner.",
    advice: 'Tell the partner so. You can read and change the crediting rules in Impact.',
  },
  max_recurrences_reached: {
    because: 'the customer has had all the actions that the contract pays for',
    outcome: 'The customer has had as many sales as the contract in Impact pays for.',
    advice: 'Tell the partner so. The largest number is in the contract, in Impact.',
  },
  no_valid_action_ref: {
    because: 'none of its references is valid',
    outcome: "Impact takes nothing of what came with it, such as the click, for a partner's.",
    advice: "If you see the click in Impact, ask Impact's support why it is not valid.",
  },
  other_ref_prioritized: {
    because: 'another click or partner took precedence',
    outcome: "Impact credits another partner's click, or another click of the same partner.",
    advice:
      'Look the order up in Impact to see which partner it credits. The crediting rules are there as well.',
  },
  outside_association_window: {
    because: "the click is older than the contract's referral window",
    outcome: 'When it happened, the click was older than the contract in Impact allows.',
    advice:
      "Tell the partner that the window of the contract had closed. Impact shows the contract's window.",
  },
  restricted_promocode: {
    because: 'the promo code is restricted',
    outcome: 'Impact does not credit it, because its promo code is restricted.',
    advice: PROMO_CODES,
  },
  unclaimed: {
    because: 'no partner claims it',
    outcome: 'No partner claims it at Impact.',
    advice: "Impact does not say more. If a partner asks, ask Impact's support.",
  },
};
