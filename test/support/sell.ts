import { workflowId } from '../../src/domain/conversion.js';
import type { Stack } from './stack.js';
import { until } from './until.js';

/** A user who came through a partner link buys something, and the sandbox treats that order as told. */
export async function sell(
  stack: Stack,
  orderId: string,
  { fault, plan }: { fault?: Record<string, unknown>; plan?: Record<string, unknown> } = {},
) {
  const { body: user } = await stack.api.me(`user_${orderId}`, 'click');
  if (fault) await stack.sandbox.fault({ ...fault, orderId });
  if (plan) await stack.sandbox.plan({ ...plan, orderId });
  await stack.api.publish({
    campaignEventId: 'sale_subscription',
    userId: user.userId,
    orderId,
    totalAmountCents: 4900,
    currency: 'USD',
  });
  const id = `sale_subscription:${orderId}`;
  // Its workflow is started after the answer.
  await until(async () => (await stack.conversion(id))?.status !== 'pending');
  return { id, handle: stack.temporal.workflow.getHandle(workflowId(id)) };
}
