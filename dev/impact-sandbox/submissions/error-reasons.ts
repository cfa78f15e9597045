/** The reasons the v14 Submissions OpenAPI lists, under FtpErrorDetail; its example of an API submission uses the same. */
export type ErrorReason =
  | 'ACTION_REF_NOT_FOUND'
  | 'ACTIONTERMS_NOT_FOUND'
  | 'ACTIONTRACKER_CAMPAIGN_MISMATCH'
  | 'ACTIONTRACKER_NOT_ACTIVE'
  | 'ACTIONTRACKER_NOT_FOUND'
  | 'BLACKLISTED_SOURCE_IP'
  | 'BLOCKED_BY_PROMOCODE'
  | 'CALL_DUPLICATE'
  | 'CALL_DURATION_TOO_SHORT'
  | 'CALL_FOR_CALL_PER_CONV_AT'
  | 'CALL_INCOMPLETE'
  | 'CALL_OUTSIDE_DAILY_RANGE'
  | 'CAMPAIGN_NOT_FOUND'
  | 'CONTRACT_NOT_FOUND'
  | 'CONV_DUPLICATE'
  | 'CREDITING_RULE_MISMATCH'
  | 'MALFORMED'
  | 'MAX_RECURRENCES_REACHED'
  | 'NO_ITEM'
  | 'NO_VALID_ACTION_REF'
  | 'OID_MISSING'
  | 'OTHER_REF_PRIORITIZED'
  | 'OUTSIDE_ASSOCIATION_WINDOW'
  | 'PARTNER_NOT_ACTIVE'
  | 'REFTYPE_NOT_ACCEPTED'
  | 'RESTRICTED_PROMOCODE'
  | 'UNCLAIMED';

export type ErrorType = 'Validation' | 'Contract Error';

const aboutTheData = /^(CAMPAIGN_|ACTIONTRACKER_|ACTION_REF_|MALFORMED|CONV_MALFORMED|NO_ITEM|OID_)/;

/**
 * Validation: "errors exist in the data submitted". Contract Error: "valid data fields, but the data does not meet
 * criteria set in the contract". Which reason is of which type is inferred; with several, the first one decides.
 */
export function errorTypeOf(reason: string): ErrorType {
  return aboutTheData.test(reason) ? 'Validation' : 'Contract Error';
}
