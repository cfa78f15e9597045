import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import type { AuditWorkflow } from '../../workflows/index.js';
import { AUDIT_SCHEDULE_ID, AUDIT_WORKFLOW_TYPE } from '../domain/audit.js';
import { TASK_QUEUES } from '../domain/workflow-names.js';

type Options = ScheduleOptions<ScheduleOptionsStartWorkflowAction<typeof AuditWorkflow>>;

const OPTIONS: Omit<Options, 'scheduleId' | 'state'> = {
  spec: { intervals: [{ every: '1 day', offset: '3 hours' }], jitter: '10 minutes' },
  action: {
    type: 'startWorkflow',
    workflowType: AUDIT_WORKFLOW_TYPE,
    workflowId: AUDIT_SCHEDULE_ID,
    taskQueue: TASK_QUEUES.conversions,
    args: [],
  },
  // Two audits at once would only query Impact twice. The next audit covers a missed one: its window is longer than a day.
  policies: { overlap: 'SKIP', catchupWindow: '1 hour' },
};

/** Creates, updates or removes the schedule. A paused schedule stays paused. */
export async function applyAuditSchedule({ schedule }: Client, wanted: boolean): Promise<void> {
  const existing = schedule.getHandle(AUDIT_SCHEDULE_ID);
  try {
    if (wanted) await schedule.create({ scheduleId: AUDIT_SCHEDULE_ID, ...OPTIONS });
    else await existing.delete();
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning)
      await existing.update(({ state }) => ({ ...OPTIONS, state }));
    else if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
