import { submissionUri } from '../answers.js';
import { toImpactDate } from '../impact-date.js';
import type { Submission } from './submissions.js';

/** The account's number is not its SID; this is the one of the documentation's example. */
const ACCOUNT_ID = 10001;

/**
 * ApiSubmission of the v14 Submissions OpenAPI and
 * https://integrations.impact.com/impact-brand/reference/the-api-submission-object, where no ActionId is named.
 * "Will be empty" is an empty string here, as in the examples of empty dates; the OpenAPI allows null as well.
 */
export function submissionObject(submission: Submission, accountSid: string) {
  const { fields, completedAt } = submission;
  return {
    BatchId: submission.batchId,
    AccountId: ACCOUNT_ID,
    SubmissionDate: toImpactDate(submission.submittedAt),
    ...(submission.campaignId && { CampaignId: submission.campaignId }),
    ...(submission.actionTrackerId && { ActionTrackerId: submission.actionTrackerId }),
    ...(fields.MediaPartnerId && { MediaPartnerId: Number(fields.MediaPartnerId) }),
    EventCode: fields.EventTypeCode ?? '',
    OrderId: fields.OrderId ?? '',
    Payload: new URLSearchParams({ ...fields }).toString(),
    Type: submission.type,
    Status: submission.status,
    CompletionDate: completedAt === undefined ? '' : toImpactDate(completedAt),
    ErrorType: submission.errorType ?? '',
    ErrorReason: submission.errorReason ?? '',
    Uri: submissionUri(accountSid, submission.batchId),
  };
}
