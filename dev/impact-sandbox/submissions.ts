import { type Action, actionOf, newAction, stateOf, withAmount } from './actions.js';
import { submissionUri } from './answers.js';
import { CHANGED_ITEMS, readItems } from './item-fields.js';
import { sumOf } from './items.js';
import { ofOrder } from './received.js';
import type { SandboxState, Settings } from './state.js';

export type SubmissionType = 'Conversion' | 'Modification' | 'Reversal';

export interface TakenSubmission {
  batchId: string;
  type: SubmissionType;
  orderId: string;
  fields: Readonly<Record<string, string>>;
}

interface SubmissionError {
  errorType?: string;
  /** Codes separated by spaces. */
  errorReason?: string;
}

export interface CompletedSubmission extends SubmissionError {
  batchId: string;
  /** As it is after the submission. */
  action?: Action;
}

export interface Submission extends TakenSubmission, SubmissionError {
  takenAt: number;
  isComplete?: true;
}

export function createSubmissions() {
  const byBatchId = new Map<string, Submission>();
  /** In the order of arrival. */
  const incomplete = new Set<Submission>();
  return {
    incomplete,
    find: (batchId: string) => byBatchId.get(batchId),
    /** In the order of arrival. */
    ofType: (type: SubmissionType) =>
      [...byBatchId.values()].filter((submission) => submission.type === type),
    add(submission: Submission): void {
      byBatchId.set(submission.batchId, submission);
      incomplete.add(submission);
    },
    complete({ batchId, ...error }: SubmissionError & { batchId: string }): void {
      const submission = byBatchId.get(batchId);
      if (!submission) throw new Error(`There is no submission ${batchId}`);
      Object.assign(submission, { isComplete: true, ...error });
      incomplete.delete(submission);
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
    // Impact has `In Progress` too. The sandbox completes a submission when a request looks at it.
    Status: isComplete ? 'Complete' : 'Queued',
    ErrorType: errorType,
    ErrorReason: errorReason,
    Uri: submissionUri(accountSid, batchId),
  };
}

/** Returns why the submission has no effect, or the Action as it is to be, or undefined without an Action. */
type Process = (submission: Submission, state: SandboxState) => string | Action | undefined;

const PROCESSES: Record<SubmissionType, Process> = {
  Conversion: processConversion,
  Modification: (submission, state) => change(submission, state, modify),
  // "Will cancel any pending payouts" [v14 Actions OpenAPI]. That the amount becomes 0 too is inferred: Amount=0 reverses.
  Reversal: (submission, state) => change(submission, state, (action) => reversed(withAmount(action, 0))),
};

/**
 * Completes every submission that is old enough and not planned to be stuck, in the order of arrival. Each request that looks
 * at the results calls this first.
 */
export function processSubmissions(state: SandboxState): void {
  const { submissions, outcomes, settings } = state;
  for (const submission of submissions.incomplete) {
    // Those after it wait too, whatever the clock says, so that none overtakes another.
    if (isTooYoung(submission, settings)) return;
    const outcome = outcomes.of(submission);
    if (outcome?.stuck) continue;
    // "Complete: … Errors may exist in the submission however":
    // https://integrations.impact.com/impact-brand/reference/the-api-submission-object
    const result = outcome?.errorReason ?? PROCESSES[submission.type](submission, state);
    state.record({ completed: { batchId: submission.batchId, ...completionOf(result) } });
  }
}

/** Without a `processingMs` nothing waits, not even if the clock was set back. */
function isTooYoung({ takenAt }: Submission, { processingMs }: Settings): boolean {
  return processingMs > 0 && Date.now() - takenAt < processingMs;
}

function completionOf(result: ReturnType<Process>): Omit<CompletedSubmission, 'batchId'> {
  if (typeof result === 'string') return { errorType: errorTypeOf(result), errorReason: result };
  return result ? { action: result } : {};
}

const ABOUT_THE_DATA = /^(CAMPAIGN_|ACTIONTRACKER_|ACTION_REF_|MALFORMED|CONV_MALFORMED|NO_ITEM|OID_)/;

/**
 * Validation: "errors exist in the data submitted". Contract Error: "valid data fields, but the data does not meet
 * criteria set in the contract". Which reason has which type is inferred; with several reasons, the first one decides.
 */
function errorTypeOf(reason: string): string {
  return ABOUT_THE_DATA.test(reason) ? 'Validation' : 'Contract Error';
}

/** A conversion becomes an Action, unless it is wrong, a duplicate, or not attributed to a partner. */
function processConversion(submission: Submission, { actions, outcomes, settings }: SandboxState) {
  const { orderId, fields } = submission;
  const trackerId = Number(fields.ActionTrackerId);
  const trackerIds = settings.programmes[Number(fields.CampaignId)];
  if (!trackerIds) return 'CAMPAIGN_NOT_FOUND';
  if (!trackerIds.includes(trackerId)) return 'ACTIONTRACKER_NOT_FOUND';
  // "An action with the same OrderId was registered within the OID deduplication window" [v14 Submissions OpenAPI], whose
  // length is not documented: here it never ends. "An OrderId value only needs to be unique to the action tracker":
  // https://integrations.impact.com/impact-brand/docs/order-level-data. That a reversed Action counts too is inferred.
  const isDuplicate = ofOrder(actions, orderId).some(({ actionTrackerId }) => actionTrackerId === trackerId);
  if (isDuplicate && settings.deduplication === 'on') return 'CONV_DUPLICATE';
  // "Only attributed conversions": https://integrations.impact.com/impact-brand/reference/submit-a-conversion
  if (outcomes.of(submission)?.attributed === false) return undefined;
  return newAction(actions, actionOf(submission, settings));
}

/**
 * After its LockingDate an Action "can no longer be modified" [v14 Actions OpenAPI]. How Impact refuses such a change is
 * not documented, nor is the result of a second reversal, and of a change to a reversed Action. Here they are queued like
 * any other and complete with NO_VALID_ACTION_REF, from the documented list.
 */
function change(
  { orderId, fields }: Submission,
  { actions }: SandboxState,
  changed: (action: Action, fields: Submission['fields']) => Action | string,
): Action | string {
  const trackerId = Number(fields.ActionTrackerId);
  const candidates = ofOrder(actions, orderId).filter(({ actionTrackerId }) => actionTrackerId === trackerId);
  // After a reattribution there are two, and which one is meant is not documented. Here it is the newest one that is not
  // reversed, as "only this Pending action is considered payable":
  // https://help.impact.com/en/support/solutions/articles/155000002469-system-reattributed-actions-explained
  const action = candidates.findLast(({ state }) => state !== 'REVERSED') ?? candidates.at(-1);
  if (!action) return 'ACTION_REF_NOT_FOUND';
  if (stateOf(action) !== 'PENDING') return 'NO_VALID_ACTION_REF';
  return changed(action, fields);
}

function modify(action: Action, fields: Submission['fields']): Action | string {
  const changes = readItems(new Map(Object.entries(fields)), CHANGED_ITEMS);
  const { items = [] } = action;
  // Which reason Impact gives for an unknown SKU is not documented. This one is a guess, from the documented list.
  if (changes.some(({ sku }) => !items.some((item) => item.sku === sku))) return 'NO_ITEM';
  // "Quantity: The new absolute quantity of the item." [v14 Actions OpenAPI] Its amount is the final one as well.
  const changedItems = items.map((item) => ({ ...item, ...changes.find(({ sku }) => sku === item.sku) }));
  const modified =
    changes.length > 0
      ? { ...action, items: changedItems, amount: sumOf(changedItems) }
      : withAmount(action, Number(fields.Amount));
  // "Setting [Amount] to 0 on a tracked action with a non-zero amount will reverse the action" [v14 Actions OpenAPI]. That
  // items which all become 0 reverse it too is inferred.
  return modified.amount === 0 ? reversed(modified) : modified;
}

function reversed(action: Action): Action {
  return { ...action, state: 'REVERSED' };
}
