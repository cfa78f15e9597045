/**
 * Why Impact turns a submission down, in words, and what that means for another try.
 * Codes: https://help.impact.com/en/support/solutions/articles/48001235116-impact-com-error-codes-reference
 * and Impact's published v14 specification of APISubmissions; the advice is ours.
 */
export interface SubmissionReason {
  meaning: string;
  /** `after-change`: once it is mended at Impact or here. `no`: nothing will make Impact take it. */
  retry: 'after-change' | 'no';
}

export const SUBMISSION_REASONS: Readonly<Record<string, SubmissionReason>> = {
  ACTION_REF_NOT_FOUND: { meaning: 'Impact found no click or partner to credit it to', retry: 'no' },
  ACTIONTERMS_NOT_FOUND: { meaning: 'the contract has no terms for this event type', retry: 'after-change' },
  ACTIONTRACKER_CAMPAIGN_MISMATCH: {
    meaning: 'the event type belongs to another programme',
    retry: 'after-change',
  },
  ACTIONTRACKER_NOT_ACTIVE: { meaning: 'the event type is not active', retry: 'after-change' },
  ACTIONTRACKER_NOT_FOUND: { meaning: 'Impact does not know the event type', retry: 'after-change' },
  BLACKLISTED_SOURCE_IP: {
    meaning: 'it came from an address that the account blocks',
    retry: 'after-change',
  },
  BLOCKED_BY_PROMOCODE: { meaning: 'a promo code blocks the credit', retry: 'no' },
  CALL_DUPLICATE: { meaning: 'the call was tracked before', retry: 'no' },
  CALL_DURATION_TOO_SHORT: { meaning: 'the call was too short', retry: 'no' },
  CALL_FOR_CALL_PER_CONV_AT: {
    meaning: 'a call was sent for an event type that takes none',
    retry: 'after-change',
  },
  CALL_INCOMPLETE: { meaning: 'the call was not completed', retry: 'no' },
  CALL_OUTSIDE_DAILY_RANGE: { meaning: 'the call was outside the hours of the contract', retry: 'no' },
  CAMPAIGN_NOT_FOUND: { meaning: 'Impact does not know the programme', retry: 'after-change' },
  CONTRACT_NOT_FOUND: { meaning: 'the partner had no contract at the time', retry: 'after-change' },
  CONV_DUPLICATE: { meaning: 'an action with the same order id was there already', retry: 'no' },
  CONV_MALFORMED: { meaning: 'the conversion is malformed', retry: 'after-change' },
  CREDITING_RULE_MISMATCH: { meaning: 'the crediting rules give it to nobody', retry: 'no' },
  MALFORMED: { meaning: 'the conversion is malformed', retry: 'after-change' },
  MAX_RECURRENCES_REACHED: {
    meaning: 'the customer has had all the actions that the contract pays for',
    retry: 'no',
  },
  NO_ITEM: { meaning: 'the event type wants items, and there were none', retry: 'after-change' },
  NO_VALID_ACTION_REF: { meaning: 'none of its references is valid', retry: 'no' },
  OID_MISSING: { meaning: 'it has no order id', retry: 'after-change' },
  OTHER_REF_PRIORITIZED: { meaning: 'another click or partner took precedence', retry: 'no' },
  OUTSIDE_ASSOCIATION_WINDOW: {
    meaning: "the click is older than the contract's referral window",
    retry: 'no',
  },
  PARTNER_NOT_ACTIVE: { meaning: 'the partner is not active', retry: 'after-change' },
  REFTYPE_NOT_ACCEPTED: {
    meaning: 'the contract does not credit this kind of reference',
    retry: 'after-change',
  },
  RESTRICTED_PROMOCODE: { meaning: 'the promo code is restricted', retry: 'no' },
  UNCLAIMED: { meaning: 'nobody claims it', retry: 'no' },
};

/** `CONTRACT_NOT_FOUND: the partner had no contract at the time. A retry can help once that is mended.` */
export function explainReason(code: string): string {
  const reason = SUBMISSION_REASONS[code];
  if (!reason) return `${code}: not among the documented reasons; ask Impact before a retry.`;
  const advice = reason.retry === 'no' ? 'A retry cannot help.' : 'A retry can help once that is mended.';
  return `${code}: ${reason.meaning}. ${advice}`;
}

/** No human here can make Impact credit it. @param code in lower case, as in the ledger */
export function isDeclined(code: string): boolean {
  return code !== 'conv_duplicate' && SUBMISSION_REASONS[code.toUpperCase()]?.retry === 'no';
}
