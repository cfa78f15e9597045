import { expect } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import type { Stack } from './stack.js';

/** A newer run of the conversion's workflow waits for an operator. Temporal's list may still show the older one. */
export async function untilWaitingAgain(stack: Stack, id: string, olderRunId: string): Promise<void> {
  const handle = stack.temporal.workflow.getHandle(workflowId(id));
  const newestRun = async () => (await handle.describe().catch(() => undefined))?.runId ?? olderRunId;
  await expect.poll(newestRun, { timeout: 20_000 }).not.toBe(olderRunId);
  await expect.poll(() => handle.query('status')).toMatchObject({ status: 'parked' });
}
