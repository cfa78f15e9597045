import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

describe('retry', () => {
  it('reports a parked conversion once the cause is fixed', async () => {
    const { id, handle } = await sell(stack, 'retry-1', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await handle.signal(SIGNALS.retry);
    await stack.untilStatus(id, 'submitted');
    expect(await stack.sandbox.conversions('retry-1')).toHaveLength(1);
  });

  it('sent twice reports once', async () => {
    const { id, handle } = await sell(stack, 'retry-2', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await Promise.all([handle.signal(SIGNALS.retry), handle.signal(SIGNALS.retry)]);
    await handle.result();
    expect(await stack.sandbox.conversions('retry-2')).toHaveLength(1);
  });

  it('names in the timeline who did it', async () => {
    const { id, handle } = await sell(stack, 'retry-3', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await handle.signal(SIGNALS.retry, { by: 'kim' });
    const { timeline } = await stack.untilStatus(id, 'submitted');
    expect(timeline.map(({ status, detail }) => [status, detail])).toContainEqual([
      'reporting',
      'Retried by kim.',
    ]);
  });
});

describe('abandon', () => {
  it('ends a parked conversion, which is then never reported', async () => {
    const { id, handle } = await sell(stack, 'abandon-1', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await handle.signal(SIGNALS.abandon, { by: 'kim', reason: 'test order' });
    await handle.result();
    expect(await stack.conversion(id)).toMatchObject({ status: 'abandoned' });
    expect(await stack.sandbox.conversions('abandon-1')).toEqual([]);
  });

  it('comes too late for the attempt on the wire that Impact then takes', async () => {
    const { id, handle } = await sell(stack, 'abandon-2', { fault: { kind: 'delay', delayMs: 2_500 } });
    await expect.poll(() => stack.sandbox.requests('abandon-2')).toHaveLength(1);
    await handle.signal(SIGNALS.abandon);
    await handle.result();
    expect(await stack.conversion(id)).toMatchObject({ status: 'submitted' });
  });

  it('ends a conversion whose attempt on the wire fails', async () => {
    const { id, handle } = await sell(stack, 'abandon-3', {
      fault: { kind: 'status', status: 503, times: 1_000 },
    });
    await expect.poll(() => stack.sandbox.requests('abandon-3')).not.toHaveLength(0);
    await handle.signal(SIGNALS.abandon);
    await handle.result();
    expect(await stack.conversion(id)).toMatchObject({ status: 'abandoned' });
  });
});

describe('the Temporal UI', () => {
  it('finds parked conversions by one query', async () => {
    const { id } = await sell(stack, 'parked-1', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    const parked = async () => {
      const ids: string[] = [];
      for await (const { workflowId: found } of stack.temporal.workflow.list({
        query: 'ConversionStatus="Parked"',
      })) {
        ids.push(found);
      }
      return ids;
    };
    await expect.poll(parked).toContain(workflowId(id));
  });

  it('shows event, click and user in the summary of the workflow', async () => {
    const { body: user } = await stack.api.me('user_summary', '3t6RuJ:x0-AbC');
    const id = `signup:${user.userId}`;
    await stack.untilStatus(id, 'submitted');
    const description = await stack.temporal.workflow.getHandle(workflowId(id)).describe();
    expect(await description.staticSummary()).toBe(`signup · click · user ${user.userId}`);
  });
});
