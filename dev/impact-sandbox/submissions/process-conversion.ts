import { createAction } from '../actions/create-action.js';
import { findActionTracker } from '../catalogue.js';
import type { SandboxState } from '../state.js';
import type { ErrorReason } from './error-reasons.js';
import type { Submission } from './submissions.js';

/** A conversion becomes an Action, unless it is wrong, a duplicate, or not attributed to a partner. */
export function processConversion(
  submission: Submission,
  at: number,
  state: SandboxState,
): ErrorReason | undefined {
  const tracker = findActionTracker(state.settings.campaigns, submission.fields);
  if (typeof tracker === 'string') return tracker;
  submission.actionTrackerId = tracker.id;
  if (isDuplicate(submission, at, state)) return 'CONV_DUPLICATE';
  // "Only attributed conversions": https://integrations.impact.com/impact-brand/reference/submit-a-conversion
  if (state.outcomes.of(submission)?.attributed === false) return undefined;
  state.actions.add(createAction(submission, at, state.settings));
  return undefined;
}

/**
 * "An action with the same OrderId was registered within the OID deduplication window" [v14 Submissions OpenAPI];
 * "an OrderId value only needs to be unique to the action tracker": https://integrations.impact.com/impact-brand/docs/order-level-data
 * A reversed action was registered too. That it counts is inferred.
 */
function isDuplicate(
  { orderId, actionTrackerId }: Submission,
  at: number,
  { settings, actions }: SandboxState,
) {
  if (settings.deduplication === 'off') return false;
  const windowMs = settings.deduplicationWindowMs ?? Number.POSITIVE_INFINITY;
  return actions
    .of(orderId)
    .some((earlier) => earlier.actionTrackerId === actionTrackerId && at - earlier.creationDate < windowMs);
}
