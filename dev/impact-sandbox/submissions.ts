import { submissionUri } from './answers.js';

export type SubmissionType = 'Conversion' | 'Modification' | 'Reversal';

export interface Submission {
  batchId: string;
  type: SubmissionType;
  orderId: string;
  fields: Readonly<Record<string, string>>;
  isComplete?: true;
  errorType?: string;
  /** Codes separated by spaces. */
  errorReason?: string;
}

export function createSubmissions() {
  const byBatchId = new Map<string, Submission>();
  /** In the order of arrival. */
  const incomplete = new Set<Submission>();
  return {
    incomplete,
    find: (batchId: string) => byBatchId.get(batchId),
    add(submission: Submission): void {
      byBatchId.set(submission.batchId, submission);
      incomplete.add(submission);
    },
  };
}

/**
 * ApiSubmission of the v14 Submissions OpenAPI and
 * https://integrations.impact.com/impact-brand/reference/the-api-submission-object, without its dates. "Will be empty" is an
 * empty string here, as in the examples; the OpenAPI allows null as well.
 */
export function submissionObject(submission: Submission, accountSid: string) {
  const { batchId, orderId, type, isComplete, errorType = '', errorReason = '' } = submission;
  return {
    BatchId: batchId,
    OrderId: orderId,
    Type: type,
    // Impact has `In Progress` too. The sandbox completes a submission as soon as a request looks at it.
    Status: isComplete ? 'Complete' : 'Queued',
    ErrorType: errorType,
    ErrorReason: errorReason,
    Uri: submissionUri(accountSid, batchId),
  };
}
