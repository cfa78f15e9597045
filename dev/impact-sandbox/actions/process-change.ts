import type { SandboxState } from '../state.js';
import type { ErrorReason } from '../submissions/error-reasons.js';
import type { Submission } from '../submissions/submissions.js';
import { type Action, stateAt } from './actions.js';
import { findReferenced } from './find-referenced.js';
import { toCents } from './new-action.js';

/** "impact.com allows a maximum of 1,000 modifications per action." [v14 Actions OpenAPI] */
const MAX_MODIFICATIONS = 1000;

export function processModification(submission: Submission, at: number, state: SandboxState) {
  const { fields } = submission;
  const isReset = fields.Reason === 'RESET';
  const action = findChangeable(submission, at, state, isReset);
  if (typeof action === 'string') return action;
  const amount = isReset ? action.intendedAmount : Number(fields.Amount || action.amount);
  state.actions.update(action, {
    ...amountChange(action, amount, state.settings.payoutShare),
    ...(isReset && { payout: action.intendedPayout }),
    // "Modified actions also carry this state"; "setting [Amount] to 0 on a tracked action with a non-zero amount will
    // reverse the action" [v14 Actions OpenAPI]
    state: amount === 0 && action.amount !== 0 ? 'REVERSED' : 'PENDING',
    updatedAt: at,
    modifications: action.modifications + 1,
    ...(fields.CustomerStatus && {
      details: { ...action.details, CustomerStatus: fields.CustomerStatus.toUpperCase() },
    }),
  });
  return undefined;
}

/** "Will cancel any pending payouts" [v14 Actions OpenAPI]; that the amount is 0 then, too, is inferred from Amount=0 being a reversal. */
export function processReversal(submission: Submission, at: number, state: SandboxState) {
  const action = findChangeable(submission, at, state, false);
  if (typeof action === 'string') return action;
  state.actions.update(action, { ...amountChange(action, 0, 0), state: 'REVERSED', updatedAt: at });
  return undefined;
}

/**
 * After its LockingDate an action "can no longer be modified" [v14 Actions OpenAPI]. How a change is then refused is
 * documented nowhere, nor what becomes of a second reversal, of a change to a reversed action, and of modification
 * 1,001. Here they are queued like any other and complete with NO_VALID_ACTION_REF, from the documented list.
 */
function findChangeable(
  { fields }: Submission,
  at: number,
  { actions }: SandboxState,
  isReset: boolean,
): Action | ErrorReason {
  const action = findReferenced(actions, fields);
  if (!action) return 'ACTION_REF_NOT_FOUND';
  const state = stateAt(action, at);
  const isOpen = state === 'PENDING' || (state === 'REVERSED' && isReset && at < action.lockingDate);
  return isOpen && action.modifications < MAX_MODIFICATIONS ? action : 'NO_VALID_ACTION_REF';
}

/** The delta is "the change … from the most recent modification". [v14 Actions OpenAPI] */
function amountChange(action: Action, newAmount: number, payoutShare: number) {
  const [amount, payout] = [toCents(newAmount), toCents(newAmount * payoutShare)];
  return {
    amount,
    deltaAmount: toCents(amount - action.amount),
    payout,
    deltaPayout: toCents(payout - action.payout),
  };
}
