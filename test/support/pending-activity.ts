import type { WorkflowHandle } from '@temporalio/client';

const SCHEDULED = 1;

/** The attempt that a workflow waits for, as Temporal sees it. */
export async function pendingActivity(handle: Pick<WorkflowHandle, 'describe'>) {
  const { raw } = await handle.describe();
  const activity = raw.pendingActivities?.[0];
  return (
    activity && {
      attempt: activity.attempt,
      /** Its backoff is over, and it lies in the queue. */
      waitsInQueue:
        activity.state === SCHEDULED && Number(activity.scheduledTime?.seconds) * 1_000 <= Date.now(),
    }
  );
}
