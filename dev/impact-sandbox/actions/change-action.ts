import { randomUUID } from 'node:crypto';
import { type Answer, type FieldError, invalid, queued } from '../answers.js';
import { formatError } from '../field-formats.js';
import type { ImpactApiDeps, Operation } from '../impact-api.js';
import type { ImpactRequest } from '../read-request.js';
import { processDue } from '../submissions/process-submissions.js';
import type { Submission } from '../submissions/submissions.js';
import { dispositionCodes, modificationReasons } from './disposition-codes.js';
import { findReferenced } from './find-referenced.js';

type Fields = ReadonlyMap<string, string>;

/** `PUT /Advertisers/{AccountSID}/Actions`: updateActionOrItems in the v14 Actions OpenAPI. */
export const updateAction: Operation = (request, deps) => {
  const { fields } = request;
  const reasons = [...modificationReasons, ...deps.state.settings.dispositionCodes];
  return queueChange('Modification', request, deps, [
    ...codeErrors('Reason', fields, reasons),
    // Whether, as older pages have it, DispositionCode may stand for Reason is not documented for v14.
    ...(fields.has('DispositionCode') ? codeErrors('DispositionCode', fields, reasons) : []),
    ...formatErrors('Amount', fields),
    ...formatErrors('CustomerStatus', fields),
    ...itemErrors(fields),
  ]);
};

/** `DELETE /Advertisers/{AccountSID}/Actions`: reverseAction in the v14 Actions OpenAPI. */
export const reverseAction: Operation = (request, deps) => {
  const codes = [...dispositionCodes, ...deps.state.settings.dispositionCodes];
  return queueChange('Reversal', request, deps, [...codeErrors('DispositionCode', request.fields, codes)]);
};

function queueChange(
  type: Submission['type'],
  request: ImpactRequest,
  { accountSid, state }: ImpactApiDeps,
  errors: FieldError[],
): Answer {
  const { settings, submissions, clock } = state;
  const found =
    request.bodyErrors.length > 0 ? request.bodyErrors : [...referenceErrors(request.fields), ...errors];
  if (found.length > 0) return invalid(found, settings.errorShape);

  processDue(state);
  const fields = Object.fromEntries(request.fields);
  const action = findReferenced(state.actions, fields);
  const batchId = `A-${randomUUID()}`;
  const actionTrackerId = action?.actionTrackerId ?? (Number(fields.ActionTrackerId) || undefined);
  const orderId = fields.OrderId ?? action?.orderId;
  const campaignId = action?.campaignId;
  submissions.add({ batchId, type, orderId, campaignId, actionTrackerId, fields }, clock.now());
  return queued(accountSid, batchId);
}

/** "Either ActionId …, or ActionTrackerId + OrderId" */
function* referenceErrors(fields: Fields): Iterable<FieldError> {
  if (fields.get('ActionId')) return;
  for (const field of ['ActionTrackerId', 'OrderId'])
    if (!fields.get(field)) yield { field, message: 'Required without ActionId' };
  yield* formatErrors('ActionTrackerId', fields);
}

function* codeErrors(field: string, fields: Fields, codes: string[]): Iterable<FieldError> {
  const code = fields.get(field);
  if (!code) yield { field, message: 'Required' };
  else if (!codes.includes(code)) yield { field, message: 'Not a known code' };
}

function* formatErrors(field: string, fields: Fields): Iterable<FieldError> {
  const value = fields.get(field);
  const message = value ? formatError(field, value) : undefined;
  if (message) yield { field, message };
}

/** Impact changes items too; the sandbox has none, and refuses rather than to leave the action as it was. */
function* itemErrors(fields: Fields): Iterable<FieldError> {
  for (const field of fields.keys())
    if (/^(Sku|Quantity|Category|ItemSubTotalDelta)\d*$/.test(field))
      yield { field, message: 'The sandbox does not change items' };
}
