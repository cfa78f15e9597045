import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleOf } from '../support/metrics-page.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ confirmAfterMs: 1 });
});
afterAll(() => stack.stop());

async function counted(event: string, outcome: string): Promise<number> {
  const page = await stack.metrics.registry.metrics();
  return sampleOf(page, 'affiliate_conversions_total', { event, outcome }) ?? 0;
}

const sale = (userId: unknown, orderId: string) => ({
  campaignEventId: 'sale_subscription',
  userId,
  orderId,
  totalAmountCents: 4_900,
  currency: 'USD',
});

describe('conversions are counted', () => {
  it('once for each status that they come to, by event', async () => {
    const { body: user } = await stack.api.me('buyer', 'click');
    await stack.untilStatus(`signup:${user.userId}`, 'confirmed');
    for (const outcome of ['pending', 'submitted', 'confirmed']) {
      await expect.poll(() => counted('signup', outcome)).toBe(1);
    }
  });

  it('once, also if the same is requested again', async () => {
    const { body: user } = await stack.api.me('buyer', 'click');
    for (let time = 0; time < 2; time += 1) await stack.api.publish(sale(user.userId, 'again'));
    await stack.untilStatus('sale_subscription:again', 'confirmed');
    for (const outcome of ['pending', 'submitted', 'confirmed']) {
      await expect.poll(() => counted('sale_subscription', outcome)).toBe(1);
    }
  });

  it('where there is nothing to report, signup and sale', async () => {
    const { body: user } = await stack.api.me('organic');
    await stack.api.publish(sale(user.userId, 'organic'));
    expect(await counted('signup', 'skipped')).toBe(1);
    expect(await counted('sale_subscription', 'skipped')).toBe(1);
  });

  it('where the click id comes late: skipped at first, and then waiting', async () => {
    const before = await counted('signup', 'pending');
    await stack.api.me('racing');
    await stack.api.me('racing', 'click');
    expect(await counted('signup', 'pending')).toBe(before + 1);
  });

  it('where they are parked', async () => {
    await stack.sandbox.fault({ kind: 'status', status: 400, orderId: 'refused', body: { Status: 'ERROR' } });
    const { body: user } = await stack.api.me('buyer', 'click');
    await stack.api.publish(sale(user.userId, 'refused'));
    await stack.untilStatus('sale_subscription:refused', 'parked');
    await expect.poll(() => counted('sale_subscription', 'parked')).toBe(1);
  });
});
