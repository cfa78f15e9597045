import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Conversion, workflowId } from '../../src/domain/conversion.js';
import { handOver, NEWS, wakeConversion } from '../../src/temporal/wake-conversion.js';
import { insertPending } from '../support/pending-conversion.js';
import { logger } from '../support/runtime.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const deps = () => ({ ...stack, logger, deadlineMs: 5_000 });

async function runsOf(id: string): Promise<number> {
  const { count } = await stack.temporal.workflow.count(`WorkflowId = "${workflowId(id)}"`);
  return count;
}

async function endedBeforeItBegan(): Promise<Conversion> {
  const conversion = await insertPending(stack.db);
  await wakeConversion(deps(), conversion);
  await stack.temporal.workflow.getHandle(workflowId(conversion._id)).terminate();
  return conversion;
}

describe('starting the workflow of a conversion', () => {
  it('by the relay marks the conversion as reporting', async () => {
    const conversion = await insertPending(stack.db);
    await handOver(deps(), conversion);
    expect(await stack.conversion(conversion._id)).toMatchObject({ status: 'reporting' });
  });

  it('ten times at once starts one', async () => {
    const conversion = await insertPending(stack.db);
    await Promise.all(Array.from({ length: 10 }, () => wakeConversion(deps(), conversion)));
    await expect.poll(() => runsOf(conversion._id)).toBe(1);
  });

  it('does not restart a workflow that somebody ended before it began', async () => {
    const conversion = await endedBeforeItBegan();
    expect(await wakeConversion(deps(), conversion)).toBe('ended');
    await expect.poll(() => runsOf(conversion._id)).toBe(1);
  });

  it('with a signal starts a new run where the workflow has ended', async () => {
    const conversion = await endedBeforeItBegan();
    expect(await wakeConversion(deps(), conversion, { name: 'retry' })).toBe('woken');
    await expect.poll(() => runsOf(conversion._id)).toBe(2);
  });

  it('by the relay starts a new run of a restarted conversion, whose workflow has ended', async () => {
    const conversion = await endedBeforeItBegan();
    await handOver(deps(), { ...conversion, reason: 'restarted' });
    expect(await stack.conversion(conversion._id)).toMatchObject({ status: 'reporting' });
    await expect.poll(() => runsOf(conversion._id)).toBe(2);
  });

  it('with news of its parent starts none where somebody has ended it: only a human knows whether that was meant', async () => {
    const conversion = await endedBeforeItBegan();
    expect(await wakeConversion(deps(), conversion, NEWS)).toBe('ended');
    await expect.poll(() => runsOf(conversion._id)).toBe(1);
  });
});
