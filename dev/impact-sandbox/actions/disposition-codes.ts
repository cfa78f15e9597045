/** Reasons of a modification: ActionModificationRequest in the v14 Actions OpenAPI. */
export const modificationReasons = [
  'ORDER_UPDATE',
  'ITEM_RETURNED',
  'CONS_FRAUD',
  'CONS_ERROR',
  'ORDER_ERROR',
  'PUB_ACT_DISPUTE',
  'ADV_ACT_DISPUTE',
  'NOT_COMPLIANCE_TERMS',
  'ITEM_OUT_OF_STOCK',
  'TEST_ACTION',
  'PARTNER_NOT_ACTIVE',
  'CREDITED_DIFFERENT_MP',
  'OTHER',
  // "If an action has been modified or reversed before its locking date, you can submit RESET":
  // https://help.impact.com/en/support/solutions/articles/48001232216-batch-process-reversals-via-api-web-services-overview
  'RESET',
];

/** Codes of a reversal: ActionReversalRequest in the v14 Actions OpenAPI. */
export const dispositionCodes = [
  'REJECTED',
  'CONS_INFO_INVALID',
  'CONS_ERROR',
  'CONS_FRAUD',
  'ITEM_RETURNED',
  'ITEM_OUT_OF_STOCK',
  'ORDER_ERROR',
  'PUB_ACT_DISPUTE',
  'NOT_COMPLIANCE_TERMS',
  'MP_RETURNED',
  'OTHER',
  'CREDITED_DIFFERENT_MP',
  'ADV_ACT_DISPUTE',
  'TEST_ACTION',
];
