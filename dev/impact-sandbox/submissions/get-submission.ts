import { notFound, resource } from '../answers.js';
import type { Operation } from '../impact-api.js';
import { processDue } from './process-submissions.js';
import { submissionObject } from './submission-object.js';

/** `GET /Advertisers/{AccountSID}/APISubmissions/{BatchId}`: getApiSubmissionById in the v14 Submissions OpenAPI. */
export const getSubmission: Operation = (request, { accountSid, state }) => {
  processDue(state);
  const submission = state.submissions.find(request.id, state.clock.now());
  return submission ? resource('ApiSubmission', submissionObject(submission, accountSid)) : notFound();
};
