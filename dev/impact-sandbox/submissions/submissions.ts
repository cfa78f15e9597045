import { DAY_MS } from '../impact-date.js';
import { createOrderIndex } from '../order-index.js';
import type { ErrorType } from './error-reasons.js';

export interface Submission {
  batchId: string;
  type: 'Conversion' | 'Modification' | 'Reversal';
  orderId: string | undefined;
  campaignId: number | undefined;
  actionTrackerId: number | undefined;
  fields: Readonly<Record<string, string>>;
  submittedAt: number;
  /** When its turn came or will come; later than the submission only for one that was held back. */
  queuedAt: number;
  status: 'Queued' | 'In Progress' | 'Complete';
  completedAt?: number;
  errorType?: ErrorType;
  errorReason?: string;
}

export type NewSubmission = Omit<Submission, 'submittedAt' | 'queuedAt' | 'status'>;
export type Submissions = ReturnType<typeof createSubmissions>;

/** "Stored with impact.com for no more than 90 days": https://integrations.impact.com/impact-brand/reference/the-api-submission-object */
const RETENTION_MS = 90 * DAY_MS;

export function createSubmissions() {
  const byBatchId = new Map<string, Submission>();
  const byOrder = createOrderIndex<Submission>();
  /** In the order in which they came in. */
  const incomplete = new Set<Submission>();
  return {
    incomplete,
    of: byOrder.of,

    find(batchId: string, now: number): Submission | undefined {
      const submission = byBatchId.get(batchId);
      return submission && now - submission.submittedAt <= RETENTION_MS ? submission : undefined;
    },

    add(submission: NewSubmission, now: number): void {
      // "Will always begin as Queued" [v14 Submissions OpenAPI]
      const queued: Submission = { ...submission, submittedAt: now, queuedAt: now, status: 'Queued' };
      byBatchId.set(queued.batchId, queued);
      byOrder.add(queued);
      incomplete.add(queued);
    },

    clear(orderId?: string): void {
      for (const submission of byOrder.of(orderId)) {
        byBatchId.delete(submission.batchId);
        incomplete.delete(submission);
      }
      byOrder.clear(orderId);
    },
  };
}
