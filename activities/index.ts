import { createCheckReferralWindow } from './check-referral-window.js';
import { createConfirmSubmission } from './confirm-submission.js';
import { type ActivityDeps, asActivity } from './deps.js';
import { createExamineAction } from './examine-action.js';
import { createFindOrder } from './find-order.js';
import { createLoadAttribution } from './load-attribution.js';
import { createRecordStep } from './record-step.js';
import { createReportConversion } from './report-conversion.js';
import { createSendAdjustment } from './send-adjustment.js';

export function createActivities(deps: ActivityDeps) {
  return {
    loadAttribution: asActivity(createLoadAttribution(deps)),
    checkReferralWindow: asActivity(createCheckReferralWindow(deps)),
    reportConversion: asActivity(createReportConversion(deps)),
    findOrder: asActivity(createFindOrder(deps)),
    confirmSubmission: asActivity(createConfirmSubmission(deps)),
    sendAdjustment: asActivity(createSendAdjustment(deps)),
    examineAction: asActivity(createExamineAction(deps)),
    recordStep: asActivity(createRecordStep(deps)),
  };
}

export type Activities = ReturnType<typeof createActivities>;
