import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';
import { QUICK_WATCH, type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ confirmAfterMs: 100, watch: QUICK_WATCH });
});
afterAll(() => stack.stop());

async function parkedAgain(id: string) {
  await expect
    .poll(async () => (await stack.conversion(id))?.reason, { timeout: 20_000 })
    .toBe('workflow_terminated');
  return stack.conversion(id);
}

/** The run that is the newest now, whichever was terminated. */
const current = (id: string) => stack.temporal.workflow.getHandle(workflowId(id));

/** What becomes of one in each step: every-step.test.ts. */
describe('a workflow that somebody terminates', () => {
  it('is parked again, with who did it and why, if its conversion was parked', async () => {
    const { id, handle } = await sell(stack, 'terminated-parked', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await handle.terminate('cleaning up');
    const conversion = await parkedAgain(id);
    expect(conversion?.timeline.at(-1)?.detail).toMatch(/terminated by .+: cleaning up\. It was not done\.$/);
  });

  it('keeps the beginning of a reason of any length', async () => {
    const { id, handle } = await sell(stack, 'terminated-at-length', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await handle.terminate('x'.repeat(50_000));
    const conversion = await parkedAgain(id);
    expect(conversion?.timeline.at(-1)?.detail).toMatch(/: x{499}…\. It was not done\.$/);
  });

  it('is left alone if its conversion was done', async () => {
    const { id, handle } = await sell(stack, 'done');
    await stack.untilStatus(id, 'confirmed');
    await handle.result();
    const parked = await sell(stack, 'terminated-meanwhile', { fault: REFUSAL });
    await stack.untilStatus(parked.id, 'parked');
    await parked.handle.terminate();
    await parkedAgain(parked.id);
    expect((await current(id).describe()).status.name).toBe('COMPLETED');
  });
});
