import { randomUUID } from 'node:crypto';
import { type Answer, type FieldError, invalid, queued } from './answers.js';
import type { ImpactApiDeps } from './impact-api.js';
import { CHANGED_ITEMS, hasItems, itemErrors } from './item-fields.js';
import type { ImpactRequest } from './read-request.js';
import type { SubmissionType } from './submissions.js';
import { formatErrors, sentFields } from './validate-conversion.js';

/** In both lists of the v14 Actions OpenAPI. */
const REASONS =
  'CONS_FRAUD|CONS_ERROR|ITEM_RETURNED|ITEM_OUT_OF_STOCK|ORDER_ERROR|PUB_ACT_DISPUTE|ADV_ACT_DISPUTE|NOT_COMPLIANCE_TERMS|TEST_ACTION|CREDITED_DIFFERENT_MP|OTHER';

/** Of ActionModificationRequest. */
const MODIFICATION_REASON = new RegExp(`^(${REASONS}|ORDER_UPDATE|PARTNER_NOT_ACTIVE)$`);

/** Of ActionReversalRequest. */
const DISPOSITION_CODE = new RegExp(`^(${REASONS}|REJECTED|CONS_INFO_INVALID|MP_RETURNED)$`);

/**
 * `PUT /Advertisers/{AccountSID}/Actions`: updateActionOrItems in the v14 Actions OpenAPI. The sandbox changes the amount of an
 * Action, or quantities and amounts of its items.
 */
export function updateAction(request: ImpactRequest, deps: ImpactApiDeps): Answer {
  const { fields } = request;
  if (!hasItems(fields, CHANGED_ITEMS))
    return queueChange('Modification', request, deps, { Reason: MODIFICATION_REASON, Amount: /./ });
  // Always this reason for items: https://integrations.impact.com/impact-brand/reference/update-an-action-item
  const ownFields = { Reason: /^ORDER_UPDATE$/ };
  return queueChange('Modification', request, deps, ownFields, itemErrors(fields, CHANGED_ITEMS));
}

/** `DELETE /Advertisers/{AccountSID}/Actions`: reverseAction in the v14 Actions OpenAPI. */
export function reverseAction(request: ImpactRequest, deps: ImpactApiDeps): Answer {
  return queueChange('Reversal', request, deps, { DispositionCode: DISPOSITION_CODE });
}

function queueChange(
  type: SubmissionType,
  { fields, bodyErrors, orderId = '' }: ImpactRequest,
  { accountSid, state }: ImpactApiDeps,
  ownFields: Record<string, RegExp>,
  ownErrors: Iterable<FieldError> = [],
): Answer {
  // "Either ActionId …, or ActionTrackerId + OrderId": the sandbox takes the second, as this service sends it.
  const expected = Object.entries({ ActionTrackerId: /./, OrderId: /./, ...ownFields });
  const missing = expected
    .filter(([field, pattern]) => !pattern.test(fields.get(field) ?? ''))
    .map(([field]) => ({ field, message: 'Required, with a known value' }));
  const errors = [...bodyErrors, ...missing, ...ownErrors, ...formatErrors(sentFields(fields))];
  if (errors.length > 0) return invalid(errors, state.settings);
  const batchId = `A-${randomUUID()}`;
  state.record({ taken: { batchId, type, orderId, fields: Object.fromEntries(fields) } });
  return queued(accountSid, batchId);
}
