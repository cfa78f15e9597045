import { randomUUID } from 'node:crypto';
import { invalid, queued } from './answers.js';
import type { Operation } from './impact-api.js';
import { validateConversion } from './validate-conversion.js';

/**
 * What can be seen in the request is checked here. What Impact finds out later (an unknown campaign or tracker, a
 * duplicate) is the submission's error, not an HTTP one, so it is queued like any other:
 * https://integrations.impact.com/impact-brand/reference/the-api-submission-object
 */
export const submitConversion: Operation = (request, { accountSid, settings, received }) => {
  const errors = request.bodyErrors.length > 0 ? request.bodyErrors : validateConversion(request.fields);
  if (errors.length > 0) return invalid(errors, settings.errorShape);

  const submissionId = `A-${randomUUID()}`;
  const answer = queued(accountSid, submissionId);
  received.addConversion(request, submissionId, answer);
  return answer;
};
