import { z } from 'zod';
import { type Action, actionOf, addAction, stateOf } from './actions.js';
import { submissionUri } from './answers.js';
import { ofOrder } from './received.js';
import type { SandboxState } from './state.js';

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

/** The result of an order's submissions of one type: exactly one of `errorReason`, `attributed` and `stuck`. */
const outcomeSchema = z
  .strictObject({
    orderId: z.string(),
    type: z.enum(['Conversion', 'Modification', 'Reversal']).default('Conversion'),
    /** Codes separated by spaces. help.impact.com knows more codes than the OpenAPI lists, so any code is allowed. */
    errorReason: z
      .string()
      .regex(/^[A-Z_]+( [A-Z_]+)*$/)
      .optional(),
    /** "Only attributed conversions become Actions": the submission completes without an error and without an Action. */
    attributed: z.literal(false).optional(),
    /** The submission stays Queued for as long as this outcome is planned. */
    stuck: z.literal(true).optional(),
  })
  .refine((plan) => Object.keys(plan).length === 3, 'Give one of errorReason, attributed, stuck');

export function createOutcomes() {
  const planned = new Map<string, z.infer<typeof outcomeSchema>>();
  const keyOf = ({ orderId, type }: Pick<Submission, 'orderId' | 'type'>) => `${type} ${orderId}`;
  return {
    of: (submission: Submission) => planned.get(keyOf(submission)),

    add(definition: unknown) {
      const outcome = outcomeSchema.parse(definition);
      planned.set(keyOf(outcome), outcome);
      return outcome;
    },

    clear(orderId?: string): void {
      for (const [key, outcome] of planned)
        if (orderId === undefined || outcome.orderId === orderId) planned.delete(key);
    },
  };
}

/** Returns why the submission had no effect, or undefined. */
type Process = (submission: Submission, state: SandboxState) => string | undefined;

const PROCESSES: Record<SubmissionType, Process> = {
  Conversion: processConversion,
  // "Setting [Amount] to 0 on a tracked action with a non-zero amount will reverse the action" [v14 Actions OpenAPI]
  Modification(submission, state) {
    const amount = Number(submission.fields.Amount);
    return change(submission, state, amount === 0 ? { amount, state: 'REVERSED' } : { amount });
  },
  // "Will cancel any pending payouts" [v14 Actions OpenAPI]. That the amount becomes 0 too is inferred: Amount=0 reverses.
  Reversal: (submission, state) => change(submission, state, { amount: 0, state: 'REVERSED' }),
};

/** Completes every submission that is not planned to be stuck. Each request that looks at the results calls this first. */
export function processSubmissions(state: SandboxState): void {
  const { submissions, outcomes } = state;
  for (const submission of submissions.incomplete) {
    const outcome = outcomes.of(submission);
    if (outcome?.stuck) continue;
    submissions.incomplete.delete(submission);
    submission.isComplete = true;
    // "Complete: … Errors may exist in the submission however":
    // https://integrations.impact.com/impact-brand/reference/the-api-submission-object
    const reason = outcome?.errorReason ?? PROCESSES[submission.type](submission, state);
    if (reason) Object.assign(submission, { errorReason: reason, errorType: errorTypeOf(reason) });
  }
}

const ABOUT_THE_DATA = /^(CAMPAIGN_|ACTIONTRACKER_|ACTION_REF_|MALFORMED|CONV_MALFORMED|NO_ITEM|OID_)/;

/**
 * Validation: "errors exist in the data submitted". Contract Error: "valid data fields, but the data does not meet
 * criteria set in the contract". Which reason has which type is inferred; with several reasons, the first one decides.
 */
function errorTypeOf(reason: string): string {
  return ABOUT_THE_DATA.test(reason) ? 'Validation' : 'Contract Error';
}

/** Those of the default programme. */
const CAMPAIGN_ID = 48046;
const ACTION_TRACKER_IDS = [68897, 99999];

/** A conversion becomes an Action, unless it is wrong, a duplicate, or not attributed to a partner. */
function processConversion(submission: Submission, { actions, outcomes, settings }: SandboxState) {
  const { orderId, fields } = submission;
  const trackerId = Number(fields.ActionTrackerId);
  if (Number(fields.CampaignId) !== CAMPAIGN_ID) return 'CAMPAIGN_NOT_FOUND';
  if (!ACTION_TRACKER_IDS.includes(trackerId)) return 'ACTIONTRACKER_NOT_FOUND';
  // "An action with the same OrderId was registered within the OID deduplication window" [v14 Submissions OpenAPI], whose
  // length is not documented: here it never ends. "An OrderId value only needs to be unique to the action tracker":
  // https://integrations.impact.com/impact-brand/docs/order-level-data. That a reversed Action counts too is inferred.
  const isDuplicate = ofOrder(actions, orderId).some(({ actionTrackerId }) => actionTrackerId === trackerId);
  if (isDuplicate && settings.deduplication === 'on') return 'CONV_DUPLICATE';
  // "Only attributed conversions": https://integrations.impact.com/impact-brand/reference/submit-a-conversion
  if (outcomes.of(submission)?.attributed !== false) addAction(actions, actionOf(submission, settings));
  return undefined;
}

/**
 * After its LockingDate an Action "can no longer be modified" [v14 Actions OpenAPI]. How Impact refuses such a change is
 * not documented, nor is the result of a second reversal, and of a change to a reversed Action. Here they are queued like
 * any other and complete with NO_VALID_ACTION_REF, from the documented list.
 */
function change({ orderId, fields }: Submission, { actions }: SandboxState, changes: Partial<Action>) {
  const trackerId = Number(fields.ActionTrackerId);
  const candidates = ofOrder(actions, orderId).filter(({ actionTrackerId }) => actionTrackerId === trackerId);
  // After a reattribution there are two, and which one is meant is not documented. Here it is the newest one that is not
  // reversed, as "only this Pending action is considered payable":
  // https://help.impact.com/en/support/solutions/articles/155000002469-system-reattributed-actions-explained
  const action = candidates.findLast(({ state }) => state !== 'REVERSED') ?? candidates.at(-1);
  if (!action) return 'ACTION_REF_NOT_FOUND';
  if (stateOf(action) !== 'PENDING') return 'NO_VALID_ACTION_REF';
  Object.assign(action, changes);
  return undefined;
}
