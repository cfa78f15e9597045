import { createCheckReferralWindow } from './check-referral-window.js';
import { createLoadAttribution } from './load-attribution.js';
import { createRecordOutcome } from './record-outcome.js';
import { createReportConversion, type ReportConversionDeps } from './report-conversion.js';

export function createActivities(deps: ReportConversionDeps) {
  return {
    loadAttribution: createLoadAttribution(deps),
    checkReferralWindow: createCheckReferralWindow(deps),
    recordOutcome: createRecordOutcome(deps),
    reportConversion: createReportConversion(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
