import { z } from 'zod';
import { type Exchange, unreadable } from './http.js';
import { parseJson } from './read-answer.js';

/** `complete` without reasons means accepted. Impact's "Complete" alone also covers rejected submissions. */
export type SubmissionState = { state: 'processing' } | { state: 'complete'; errorReasons: string[] };

/** https://integrations.impact.com/impact-brand/reference/the-api-submission-object */
const submissionSchema = z.object({
  Status: z.enum(['Queued', 'In Progress', 'Complete']),
  ErrorType: z.string().nullish(),
  ErrorReason: z.string().nullish(),
});

/** @throws RetryableImpactError `impact_unreadable` */
export function readSubmission(exchange: Exchange): SubmissionState {
  const { success, data } = submissionSchema.safeParse(parseJson(exchange.body));
  if (!success) throw unreadable(exchange);
  const { Status, ErrorType, ErrorReason } = data;
  if (Status !== 'Complete') return { state: 'processing' };
  const reasons = exchange
    .redact(ErrorReason ?? '')
    .split(/\s+/)
    .filter(Boolean);
  // An error type without a reason is an error too.
  return { state: 'complete', errorReasons: reasons.length > 0 || !ErrorType ? reasons : [ErrorType] };
}
