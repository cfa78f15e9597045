import { ApplicationFailure } from '@temporalio/common';
import { DomainError } from '../src/domain/errors.js';
import { checkParent } from './check-parent.js';
import { checkReferralWindow } from './check-referral-window.js';
import { confirmSubmission } from './confirm-submission.js';
import type { ActivityDeps } from './deps.js';
import { examineAction } from './examine-action.js';
import { findOrder } from './find-order.js';
import { loadAttribution } from './load-attribution.js';
import { recordStep } from './record-step.js';
import { reportConversion } from './report-conversion.js';
import { sendAdjustment } from './send-adjustment.js';

export function createActivities(deps: ActivityDeps) {
  const activity =
    <Args extends unknown[], Result>(work: (deps: ActivityDeps, ...args: Args) => Promise<Result>) =>
    (...args: Args) =>
      work(deps, ...args).catch(asFailure);
  return {
    loadAttribution: activity(loadAttribution),
    checkReferralWindow: activity(checkReferralWindow),
    checkParent: activity(checkParent),
    reportConversion: activity(reportConversion),
    findOrder: activity(findOrder),
    confirmSubmission: activity(confirmSubmission),
    sendAdjustment: activity(sendAdjustment),
    examineAction: activity(examineAction),
    recordStep: activity(recordStep),
  };
}

/** A refusal of the ledger or the programme, such as `conversion_not_found`. Unless it is transient, no retry fixes it. */
function asFailure(error: unknown): never {
  if (!(error instanceof DomainError)) throw error;
  const { code, message } = error;
  throw ApplicationFailure.create({ type: code, message, nonRetryable: !error.isTransient });
}

export type Activities = ReturnType<typeof createActivities>;
