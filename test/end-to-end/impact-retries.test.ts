import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';
import { startTimeSkipping } from '../support/time-skipping.js';

/** Retries take hours; Temporal's clock jumps over them. test/workflows shows how a conversion parks after 48 hours. */
let environment: TestWorkflowEnvironment;
let stack: Stack;

beforeAll(async () => {
  environment = await startTimeSkipping();
  const temporal = { address: environment.address, namespace: 'default' };
  stack = await startStack({ temporal, impactTimeoutMs: 300 });
});
afterAll(async () => {
  await stack.stop();
  await environment.teardown();
});

async function settled(id: string, status: 'submitted' | 'confirmed') {
  await stack.untilStatus(id, 'reporting');
  await environment.sleep('3 days');
  return stack.untilStatus(id, status);
}

describe('while Impact is in trouble', () => {
  it('reports once after five answers of 500', async () => {
    const { id } = await sell(stack, 'five-500', { fault: { kind: 'status', status: 500, times: 5 } });
    await settled(id, 'submitted');
    expect((await stack.sandbox.requests('five-500')).map(({ status }) => status)).toEqual([
      500, 500, 500, 500, 500, 200,
    ]);
  });

  it('continues after a 429, once the time that Impact named is over', async () => {
    const { id } = await sell(stack, 'limited', {
      fault: { kind: 'rate-limit', headers: { 'X-RateLimit-Reset': '1800' } },
    });
    await settled(id, 'submitted');
    expect((await stack.sandbox.requests('limited')).map(({ status }) => status)).toEqual([429, 200]);
  });

  it('does not send again what Impact took while the connection broke', async () => {
    await stack.sandbox.settings({ deduplication: 'off' });
    const { id } = await sell(stack, 'broken', { fault: { kind: 'reset', accepted: true } });
    const { timeline } = await settled(id, 'confirmed');
    expect(timeline.at(-1)?.detail).toMatch(/Impact has it as action /);
    expect(await stack.sandbox.conversions('broken')).toHaveLength(1);
  });

  it('sends it again when no answer came, and Impact has no such order', async () => {
    const { id } = await sell(stack, 'hanging', { fault: { kind: 'hang' } });
    await settled(id, 'submitted');
    expect(await stack.sandbox.conversions('hanging')).toHaveLength(1);
  });

  it('sends it again after an answer that it cannot read, when Impact has no such order', async () => {
    const { id } = await sell(stack, 'garbage', {
      fault: { kind: 'garbage', body: '<html>Bad gateway</html>' },
    });
    await settled(id, 'submitted');
    expect(await stack.sandbox.conversions('garbage')).toHaveLength(1);
  });

  it('sends it again at once after an answer of 503, which is no lost answer', async () => {
    const { id } = await sell(stack, 'gateway', { fault: { kind: 'status', status: 503 } });
    await settled(id, 'submitted');
    expect(await stack.sandbox.requests('gateway')).toHaveLength(2);
  });
});
