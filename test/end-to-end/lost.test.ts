import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { loseWorkflows } from '../support/lose-workflows.js';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';
import { QUICK_WATCH, type Stack, startStack } from '../support/stack.js';
import { untilListedAsParked } from '../support/until-listed-as-parked.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ confirmAfterMs: 100, watch: QUICK_WATCH });
});
afterAll(() => stack.stop());

/** What becomes of one in each step: every-step.test.ts. */
describe('a workflow that Temporal has lost', { timeout: 60_000 }, () => {
  it('is left alone if its conversion was done', async () => {
    const { id } = await sell(stack, 'done');
    const done = await stack.untilStatus(id, 'confirmed');
    const forgotten = 'sale_subscription:forgotten';
    await stack.db.conversions.create({ ...done, _id: forgotten });
    const parked = await sell(stack, 'lost-with-it', { fault: REFUSAL });
    await stack.untilStatus(parked.id, 'parked');
    await loseWorkflows(stack, [workflowId(parked.id)]);
    await untilListedAsParked(stack.temporal, [parked.id]);
    const handle = stack.temporal.workflow.getHandle(workflowId(forgotten));
    await expect(handle.describe()).rejects.toThrow(WorkflowNotFoundError);
  });
});
