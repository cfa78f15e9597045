import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { freshMongoUri } from '../support/mongo.js';
import { REFUSAL } from '../support/refusal.js';
import { resetToStart } from '../support/reset.js';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';
import { createNamespace } from '../support/temporal.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

/** As docs/operations.md has it. What Impact acknowledged, and what was reversed, have tests where they belong. */
describe('a reset, with the signals delivered again,', () => {
  it('leaves abandoned what was abandoned, and sends nothing', async () => {
    const { id, handle } = await sell(stack, 'abandoned', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await stack.api.abandon(id, { reason: 'test order' });
    await handle.result();
    await resetToStart(stack, id);
    expect(await handle.result()).toMatchObject({ status: 'abandoned' });
    expect(await stack.sandbox.conversions('abandoned')).toEqual([]);
  });

  it('parks again what is refused again, though somebody had retried it before', async () => {
    const { id, handle } = await sell(stack, 'refused', { fault: { ...REFUSAL, times: 100 } });
    await stack.untilStatus(id, 'parked');
    await stack.api.retry(id);
    await expect.poll(() => stack.sandbox.requests('refused')).toHaveLength(2);
    await stack.untilStatus(id, 'parked');
    await resetToStart(stack, id);
    await expect.poll(() => stack.sandbox.requests('refused')).toHaveLength(3);
    await stack.untilStatus(id, 'parked');
    expect(await handle.query('status')).toMatchObject({ status: 'parked', timesParked: 1 });
  });

  it('decides anew what was skipped for want of credentials', async () => {
    const shared = { mongoUri: freshMongoUri(), temporal: await createNamespace() };
    const without = await startStack({ ...shared, credentials: false });
    const { id, handle } = await sell(without, 'skipped');
    await without.untilStatus(id, 'skipped');
    await handle.result();
    await without.stop();
    const configured = await startStack(shared);
    onTestFinished(() => configured.stop());
    await resetToStart(configured, id);
    await configured.untilStatus(id, 'submitted');
    expect(await configured.sandbox.conversions('skipped')).toHaveLength(1);
  });
});
