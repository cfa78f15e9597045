import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  const release = { intervalMs: 100, heldMs: 86_400_000 };
  stack = await startStack({ release, relay: { intervalMs: 100, minimumAgeMs: 0 } });
});
afterAll(() => stack.stop());

it('a sale that is published before its user has sent a request is reported once the user has', async () => {
  const sale = {
    campaignEventId: 'sale_subscription',
    clerkId: 'user_later',
    orderId: 'held',
    totalAmountCents: 4_900,
    currency: 'USD',
  };
  const { body } = await stack.api.publish(sale);
  expect(body).toMatchObject({ status: 'skipped', reason: 'user_not_found' });
  const { body: user } = await stack.api.me('user_later', 'click-of-later');
  await stack.untilStatus(body.conversionId, 'submitted');
  const [received] = await stack.sandbox.conversions('held');
  expect(received?.fields).toMatchObject({ ClickId: 'click-of-later', CustomerId: user.userId });
  await stack.api.publish(sale);
  expect(await stack.sandbox.requests('held')).toHaveLength(1);
});

it('a signup that is published before the user has sent a request is reported once, with its e-mail address', async () => {
  const hash = 'a'.repeat(40);
  const signup = { campaignEventId: 'signup', clerkId: 'user_signup', customerEmail: hash };
  const { body } = await stack.api.publish(signup);
  const { body: user } = await stack.api.me('user_signup', 'click-of-signup');
  expect(body.conversionId).toBe(`signup:${user.userId}`);
  await stack.untilStatus(body.conversionId, 'submitted');
  const received = await stack.sandbox.conversions(`signup-${user.userId}`);
  expect(received.map(({ fields }) => fields)).toMatchObject([
    { ClickId: 'click-of-signup', CustomerStatus: 'New', CustomerEmail: hash },
  ]);
});
