import { proxyActivities } from '@temporalio/workflow';
import type { FloorActivities } from './floor-worker.js';

const { post } = proxyActivities<FloorActivities>({ startToCloseTimeout: '30s' });

export async function FloorWorkflow(form: string): Promise<void> {
  await post(form);
}
