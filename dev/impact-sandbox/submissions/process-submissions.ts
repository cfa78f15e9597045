import { processModification, processReversal } from '../actions/process-change.js';
import type { SandboxState } from '../state.js';
import { errorTypeOf } from './error-reasons.js';
import { processConversion } from './process-conversion.js';
import type { Submission } from './submissions.js';

type Process = (submission: Submission, at: number, state: SandboxState) => string | undefined;

/** Each answers with the reason why nothing came of the submission, if so. */
const processes: Record<Submission['type'], Process> = {
  Conversion: processConversion,
  Modification: processModification,
  Reversal: processReversal,
};

/** Moves every submission as far as the clock says, each at its own time: Queued, In Progress, Complete. */
export function processDue(state: SandboxState): void {
  const { settings, clock } = state;
  if (settings.processing === 'manual') return;
  const now = clock.now();
  for (const submission of state.submissions.incomplete) {
    const startsAt = submission.queuedAt + settings.processingDelayMs;
    if (startsAt > now || isStuck(submission, state)) continue;
    submission.status = 'In Progress';
    const endsAt = startsAt + settings.processingDurationMs;
    if (endsAt <= now) complete(submission, endsAt, state);
  }
}

/** Moves submissions now, whatever the clock says. Returns how many. */
export function processNow(
  state: SandboxState,
  { orderId, status }: { orderId?: string | undefined; status: 'In Progress' | 'Complete' },
): number {
  const meant = [...state.submissions.incomplete].filter(
    (submission) => (orderId === undefined || submission.orderId === orderId) && !isStuck(submission, state),
  );
  for (const submission of meant) {
    submission.status = 'In Progress';
    if (status === 'Complete') complete(submission, state.clock.now(), state);
  }
  return meant.length;
}

function isStuck(submission: Submission, { outcomes, clock }: SandboxState): boolean {
  const stuck = outcomes.of(submission)?.stuck === true;
  if (stuck) submission.queuedAt = clock.now();
  return stuck;
}

/** "Complete: … Errors may exist in the submission however": https://integrations.impact.com/impact-brand/reference/the-api-submission-object */
function complete(submission: Submission, at: number, state: SandboxState): void {
  state.submissions.incomplete.delete(submission);
  submission.status = 'Complete';
  submission.completedAt = at;
  const outcome = state.outcomes.of(submission);
  const reason = outcome?.errorReason ?? processes[submission.type](submission, at, state);
  if (!reason) return;
  submission.errorReason = reason;
  submission.errorType = outcome?.errorType ?? errorTypeOf(reason);
}
