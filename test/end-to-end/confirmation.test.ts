import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { retryConversion } from '../../src/operations/retry-conversion.js';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';
import { startTimeSkipping } from '../support/time-skipping.js';

/** Impact takes minutes, and Temporal's clock is made to jump over them. */
let environment: TestWorkflowEnvironment;
let stack: Stack;

beforeAll(async () => {
  environment = await startTimeSkipping();
  const temporal = { address: environment.address, namespace: 'default' };
  stack = await startStack({ temporal, confirmAfterMs: 600_000 });
});
afterAll(async () => {
  await stack.stop();
  await environment.teardown();
});

async function submit(orderId: string, plan?: Record<string, unknown>) {
  const sale = await sell(stack, orderId, plan ? { plan } : {});
  await stack.untilStatus(sale.id, 'submitted');
  return sale;
}

describe("Impact's outcome of a conversion", () => {
  it('is read back, and confirms what Impact accepted', async () => {
    const { id } = await submit('accepted');
    await environment.sleep('11 minutes');
    await stack.untilStatus(id, 'confirmed');
  });

  it('confirms, with a note, what Impact had already', async () => {
    const { id } = await submit('duplicate', { errorReason: 'CONV_DUPLICATE' });
    await environment.sleep('11 minutes');
    const { timeline } = await stack.untilStatus(id, 'confirmed');
    expect(timeline.at(-1)?.detail).toContain('CONV_DUPLICATE');
  });

  it('parks a turned-down conversion, with the reason in words', async () => {
    const { id } = await submit('turned-down', { errorReason: 'CONTRACT_NOT_FOUND RESTRICTED_PROMOCODE' });
    await environment.sleep('11 minutes');
    const { reason, timeline } = await stack.untilStatus(id, 'parked');
    expect(reason).toBe('contract_not_found');
    expect(timeline.at(-1)?.detail).toContain('the partner had no contract at the time');
  });

  it('sends a turned-down conversion again on a retry', async () => {
    const { id, handle } = await submit('fixed', { errorReason: 'CONTRACT_NOT_FOUND' });
    await environment.sleep('11 minutes');
    await stack.untilStatus(id, 'parked');
    await stack.sandbox.forgetPlan('fixed');
    await handle.signal(SIGNALS.retry);
    await stack.untilStatus(id, 'submitted');
    await environment.sleep('11 minutes');
    await stack.untilStatus(id, 'confirmed');
    expect(await stack.sandbox.conversions('fixed')).toHaveLength(2);
  });

  it('declines a conversion that Impact will not credit: its workflow ends, and nothing waits for a human', async () => {
    const { id, handle } = await submit('declined', { errorReason: 'OTHER_REF_PRIORITIZED' });
    await environment.sleep('11 minutes');
    const { reason, timeline } = await stack.untilStatus(id, 'declined');
    expect(reason).toBe('other_ref_prioritized');
    expect(timeline.at(-1)?.detail).toContain('another click or partner took precedence');
    expect(await handle.result()).toMatchObject({ status: 'declined', timesParked: 0 });
    const { body } = await stack.api.conversion(id);
    expect(body.explanation).toMatchObject({ code: 'other_ref_prioritized' });
    const counted = await stack.metrics.conversions.get();
    expect(counted.values).toContainEqual(
      expect.objectContaining({ labels: { event: 'sale_subscription', outcome: 'declined' }, value: 1 }),
    );
  });

  it('sends a declined one again where an operator restarts it on purpose', async () => {
    const { id } = await submit('restarted', { errorReason: 'UNCLAIMED' });
    await environment.sleep('11 minutes');
    await stack.untilStatus(id, 'declined');
    await stack.sandbox.forgetPlan('restarted');
    await retryConversion(stack, id, { by: 'kim', restart: true });
    await stack.untilStatus(id, 'submitted');
    await environment.sleep('11 minutes');
    await stack.untilStatus(id, 'confirmed');
    expect(await stack.sandbox.conversions('restarted')).toHaveLength(2);
  });

  it('reverses a refund in the ledger alone where Impact declines the conversion meanwhile', async () => {
    const { id, handle } = await submit('declined-refund', { errorReason: 'UNCLAIMED' });
    await stack.api.reverse(id);
    await environment.sleep('11 minutes');
    expect(await handle.result()).toMatchObject({ status: 'reversed' });
    expect(await stack.conversion(id)).toMatchObject({
      status: 'reversed',
      adjustments: [{ status: 'confirmed' }],
    });
  });

  it('is unconfirmed, and parked, after three days in the queue', async () => {
    const { id } = await submit('stuck', { stuck: true });
    await environment.sleep('5 days');
    expect(await stack.untilStatus(id, 'parked')).toMatchObject({ reason: 'unconfirmed' });
  });

  it('ends the workflow, which has sent once', async () => {
    const { id, handle } = await submit('sent-once');
    await environment.sleep('11 minutes');
    await stack.untilStatus(id, 'confirmed');
    expect(await handle.result()).toMatchObject({ status: 'confirmed' });
    expect(await stack.sandbox.conversions('sent-once')).toHaveLength(1);
  });
});
