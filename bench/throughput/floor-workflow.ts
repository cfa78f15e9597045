import { proxyActivities } from '@temporalio/workflow';
import type { FloorActivities } from './floor-worker.js';

/** @param taskQueue of the activity; by default the workflow's own */
export async function FloorWorkflow(form: string, taskQueue?: string): Promise<void> {
  const options = { startToCloseTimeout: '30s', ...(taskQueue && { taskQueue }) } as const;
  await proxyActivities<FloorActivities>(options).post(form);
}
