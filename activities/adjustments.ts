import { createConfirmAdjustment } from './confirm-adjustment.js';
import { createExamineAction } from './examine-action.js';
import { createNextAdjustment } from './next-adjustment.js';
import { createRecordAdjustment } from './record-adjustment.js';
import type { ReportConversionDeps } from './report-conversion.js';
import { createSendAdjustment } from './send-adjustment.js';

/** Refunds and other amounts of what was reported: the activities of the ReversalWorkflow. */
export function createAdjustmentActivities(deps: ReportConversionDeps) {
  return {
    nextAdjustment: createNextAdjustment(deps),
    sendAdjustment: createSendAdjustment(deps),
    confirmAdjustment: createConfirmAdjustment(deps),
    examineAction: createExamineAction(deps),
    recordAdjustment: createRecordAdjustment(deps),
  };
}

export type AdjustmentActivities = ReturnType<typeof createAdjustmentActivities>;
