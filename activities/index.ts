import { createCheckReferralWindow } from './check-referral-window.js';
import { createConfirmSubmission } from './confirm-submission.js';
import { createFindOrder } from './find-order.js';
import { createLoadAttribution } from './load-attribution.js';
import { createRecordOutcome } from './record-outcome.js';
import { createReportConversion, type ReportConversionDeps } from './report-conversion.js';

export function createActivities(deps: ReportConversionDeps) {
  return {
    loadAttribution: createLoadAttribution(deps),
    checkReferralWindow: createCheckReferralWindow(deps),
    recordOutcome: createRecordOutcome(deps),
    reportConversion: createReportConversion(deps),
    findOrder: createFindOrder(deps),
    confirmSubmission: createConfirmSubmission(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
