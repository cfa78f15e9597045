import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reversalOf } from '../../src/domain/adjustment.js';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';

/** IMPACT_CONFIRM=off: the worker asks Impact for no outcome. */
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ relay: { intervalMs: 100, minimumAgeMs: 0 } });
});
afterAll(() => stack.stop());

/** A sale that was sent longer ago than Impact takes to process it. */
async function soldAnHourAgo(orderId: string): Promise<string> {
  const { id, handle } = await sell(stack, orderId);
  await stack.untilStatus(id, 'submitted');
  await handle.result();
  const sentAt = new Date(Date.now() - 3_600_000);
  await stack.db.conversions.updateOne({ _id: id }, { $set: { 'submission.sentAt': sentAt } });
  return id;
}

const adjustmentsOf = async (id: string) => (await stack.conversion(id))?.adjustments ?? [];
const amountsOf = async (id: string) =>
  (await adjustmentsOf(id)).map(({ totalAmountCents, status }) => `${totalAmountCents} ${status}`);

describe('while the worker does not ask for outcomes', () => {
  it('a refund stays submitted, and knows when it was sent', async () => {
    const id = await soldAnHourAgo('unasked-refund');
    const before = new Date();
    await stack.api.reverse(id);
    await expect.poll(async () => (await adjustmentsOf(id))[0]?.status).toBe('submitted');
    const conversion = await stack.conversion(id);
    expect(conversion?.status).toBe('submitted');
    expect(conversion && reversalOf(conversion)?.sentAt?.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(await stack.sandbox.actions('unasked-refund')).toMatchObject([{ State: 'REVERSED' }]);
  });

  it('abandoning the second adjustment abandons the second, whatever the outcome of the first', async () => {
    const id = await soldAnHourAgo('unasked-amounts');
    await stack.api.setAmount(id, 2_900);
    await expect.poll(() => amountsOf(id)).toEqual(['2900 submitted']);
    const handle = stack.temporal.workflow.getHandle(workflowId(id));
    await handle.result();
    const faulty = { orderId: 'unasked-amounts', resource: 'Actions' };
    await stack.sandbox.fault({ ...faulty, kind: 'status', status: 503, times: 1_000 });
    await stack.api.setAmount(id, 1_900);
    const statuses = async () =>
      (await stack.sandbox.requests('unasked-amounts')).map(({ status }) => status);
    await expect.poll(statuses).toContain(503);
    await handle.signal(SIGNALS.abandon, { by: 'kim' });
    expect(await handle.result()).toMatchObject({ status: 'submitted' });
    expect(await amountsOf(id)).toEqual(['2900 submitted', '1900 abandoned']);
  });
});
