import type { ReportConversionDeps } from '../report-conversion.js';
import { createConfirmChange } from './confirm-change.js';
import { createExamineAction } from './examine-action.js';
import { createNextChange } from './next-change.js';
import { createRecordChange } from './record-change.js';
import { createSendChange } from './send-change.js';

/** Refunds and other amounts of what was reported: the activities of the ReversalWorkflow. */
export function createChangeActivities(deps: ReportConversionDeps) {
  return {
    nextChange: createNextChange(deps),
    sendChange: createSendChange(deps),
    confirmChange: createConfirmChange(deps),
    examineAction: createExamineAction(deps),
    recordChange: createRecordChange(deps),
  };
}

export type ChangeActivities = ReturnType<typeof createChangeActivities>;
