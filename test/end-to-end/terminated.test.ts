import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { parkRefund } from '../support/park-refund.js';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';
import { QUICK_WATCH, type Stack, startStack } from '../support/stack.js';
import { untilListedAsParked } from '../support/until-listed-as-parked.js';
import { untilWaitingAgain } from '../support/until-waiting-again.js';

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

  it('reports its conversion once after a retry, if it was retrying', async () => {
    const fault = { kind: 'status', status: 503, times: 1_000 };
    const { id, handle } = await sell(stack, 'terminated-retrying', { fault });
    await expect.poll(() => stack.sandbox.requests('terminated-retrying')).not.toHaveLength(0);
    await handle.terminate();
    await parkedAgain(id);
    await stack.sandbox.clearFaults('terminated-retrying');
    await untilListedAsParked(stack.temporal, [id]);
    await current(id).signal(SIGNALS.retry);
    await stack.untilStatus(id, 'confirmed');
    expect(await stack.sandbox.conversions('terminated-retrying')).toHaveLength(1);
  });

  it('asks for the outcome, and sends nothing again, if Impact had queued its conversion', async () => {
    const { id, handle } = await sell(stack, 'terminated-queued', { plan: { stuck: true } });
    await stack.untilStatus(id, 'submitted');
    await handle.terminate();
    await parkedAgain(id);
    await stack.sandbox.forgetPlan('terminated-queued');
    await untilListedAsParked(stack.temporal, [id]);
    await current(id).signal(SIGNALS.retry);
    await stack.untilStatus(id, 'confirmed');
    expect(await stack.sandbox.requests('terminated-queued')).toHaveLength(1);
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

  it('is parked again if it was carrying out a refund', async () => {
    const id = await parkRefund(stack, 'terminated-refund');
    const adjustment = async () => (await stack.conversion(id))?.adjustments?.[0];
    const { runId } = await current(id).describe();
    await current(id).terminate();
    await expect.poll(adjustment, { timeout: 20_000 }).toMatchObject({ parkReason: 'workflow_terminated' });
    await untilWaitingAgain(stack, id, runId);
    await current(id).signal(SIGNALS.retry);
    await stack.untilStatus(id, 'reversed');
  });
});
