import { afterAll, beforeAll, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { wakeConversion } from '../../src/temporal/wake-conversion.js';
import { scanLedger, watchEnded } from '../../src/temporal/watch.js';
import { insertPending, tooLongId } from '../support/pending-conversion.js';
import { type Stack, startStack } from '../support/stack.js';
import { logOfWatch } from '../support/watch-log.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

it('the scan starts what Temporal takes again, and says nothing about a workflow that it still refuses', async () => {
  const { db, temporal } = stack;
  const refused = { status: 'parked', reason: 'start_refused' } as const;
  const { _id: tooLong } = await insertPending(db, { _id: tooLongId('scanned'), ...refused });
  const { _id: taken } = await insertPending(db, refused);
  const lines = await logOfWatch(scanLedger, stack, null);
  expect(await stack.conversion(tooLong)).toMatchObject({ ...refused, timeline: [] });
  expect((await temporal.workflow.getHandle(workflowId(taken)).describe()).status.name).toBe('RUNNING');
  expect(lines.filter((line) => line.includes(tooLong))).toEqual([]);
  expect(lines.join('')).not.toContain('reconcile_failed');
});

it('the look at what was ended leaves a restarted conversion to the relay', async () => {
  const conversion = await insertPending(stack.db, { reason: 'restarted' });
  await wakeConversion({ ...stack, deadlineMs: 5_000 }, conversion);
  const handle = stack.temporal.workflow.getHandle(workflowId(conversion._id));
  await handle.terminate('before it was restarted');
  const isListed = `WorkflowId = "${handle.workflowId}" AND ExecutionStatus = "Terminated"`;
  await expect.poll(async () => (await stack.temporal.workflow.count(isListed)).count).toBe(1);
  await logOfWatch(watchEnded, stack, null);
  expect(await stack.conversion(conversion._id)).toMatchObject({ status: 'pending', timeline: [] });
});
