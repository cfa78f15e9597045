import { workflowId } from '../../src/domain/conversion.js';
import type { Stack } from './stack.js';

const SCHEDULED = 1;

/** The attempt that a conversion's workflow waits for, as Temporal sees it. */
export async function pendingActivity(stack: Pick<Stack, 'temporal'>, id: string) {
  const { raw } = await stack.temporal.workflow.getHandle(workflowId(id)).describe();
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
