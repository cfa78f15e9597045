import { randomUUID } from 'node:crypto';
import { invalid, queued } from './answers.js';
import type { Operation } from './impact-api.js';
import { validateConversion } from './validate-conversion.js';

/**
 * What can be seen in the request is checked here. What Impact finds out later (an unknown campaign or tracker, a
 * duplicate) is the submission's error, not an HTTP one, so it is queued like any other:
 * https://integrations.impact.com/impact-brand/reference/the-api-submission-object
 */
export const submitConversion: Operation = (request, { accountSid, state }) => {
  const { settings, received, submissions, clock } = state;
  const errors = request.bodyErrors.length > 0 ? request.bodyErrors : validateConversion(request.fields);
  if (errors.length > 0) return invalid(errors, settings.errorShape);

  const batchId = `A-${randomUUID()}`;
  const answer = queued(accountSid, batchId);
  const { fields, orderId } = received.addConversion(request, batchId, answer);
  const actionTrackerId = fields.ActionTrackerId ? Number(fields.ActionTrackerId) : undefined;
  const campaignId = Number(fields.CampaignId);
  submissions.add({ batchId, type: 'Conversion', orderId, campaignId, actionTrackerId, fields }, clock.now());
  return answer;
};
