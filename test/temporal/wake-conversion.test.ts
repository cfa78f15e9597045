import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { startWorkflow } from '../../src/temporal/wake-conversion.js';
import { insertPending } from '../support/pending-conversion.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const start = (id: string) => startWorkflow({ ...stack, deadlineMs: 5_000 }, id);

async function runsOf(id: string): Promise<number> {
  const { count } = await stack.temporal.workflow.count(`WorkflowId = "${workflowId(id)}"`);
  return count;
}

describe('starting the workflow of a conversion', () => {
  it('marks the conversion as reporting', async () => {
    const { _id } = await insertPending(stack.db);
    await start(_id);
    expect(await stack.conversion(_id)).toMatchObject({ status: 'reporting' });
  });

  it('ten times at once starts one', async () => {
    const { _id } = await insertPending(stack.db);
    await Promise.all(Array.from({ length: 10 }, () => start(_id)));
    await expect.poll(() => runsOf(_id)).toBe(1);
  });

  it('does not begin a finished one again, though the ledger never learned of the start', async () => {
    const { _id } = await insertPending(stack.db);
    await start(_id);
    await stack.temporal.workflow.getHandle(workflowId(_id)).terminate();
    await stack.db.conversions.updateOne({ _id }, { $set: { status: 'pending' } });
    await start(_id);
    expect(await stack.conversion(_id)).toMatchObject({ status: 'reporting' });
    await expect.poll(() => runsOf(_id)).toBe(1);
  });

  it('leaves a conversion alone that is not pending', async () => {
    const { _id } = await insertPending(stack.db, { status: 'skipped', reason: 'no_attribution' });
    await start(_id);
    expect(await stack.conversion(_id)).toMatchObject({ status: 'skipped' });
  });
});
