import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SIGNALS } from '../../src/domain/workflow-names.js';
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

describe('what Impact made of a conversion', () => {
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

  it('parks what Impact turned down, with the reason in words', async () => {
    const { id } = await submit('turned-down', { errorReason: 'CONTRACT_NOT_FOUND RESTRICTED_PROMOCODE' });
    await environment.sleep('11 minutes');
    const { reason, timeline } = await stack.untilStatus(id, 'parked');
    expect(reason).toBe('contract_not_found');
    expect(timeline.at(-1)?.detail).toContain('the partner had no contract at the time');
  });

  it('sends again on a retry of what Impact turned down', async () => {
    const { id, handle } = await submit('mended', { errorReason: 'CONTRACT_NOT_FOUND' });
    await environment.sleep('11 minutes');
    await stack.untilStatus(id, 'parked');
    await stack.sandbox.forgetPlan('mended');
    await handle.signal(SIGNALS.retry);
    await stack.untilStatus(id, 'submitted');
    await environment.sleep('11 minutes');
    await stack.untilStatus(id, 'confirmed');
    expect(await stack.sandbox.conversions('mended')).toHaveLength(2);
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
