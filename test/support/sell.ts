import { workflowId } from '../../src/domain/conversion.js';
import type { Stack } from './stack.js';
import { until } from './until.js';

/** By stack. If each sale had a buyer of its own, a signup would be reported beside each sale. */
const buyers = new WeakMap<Stack['api'], Promise<string>>();

/** A user who came through a partner link buys something, and the sandbox treats that order as told. */
export async function sell(
  stack: Stack,
  orderId: string,
  { fault, plan, fields }: Partial<Record<'fault' | 'plan' | 'fields', Record<string, unknown>>> = {},
) {
  const userId = await buyerOf(stack);
  if (fault) await stack.sandbox.fault({ ...fault, orderId });
  if (plan) await stack.sandbox.plan({ ...plan, orderId });
  await stack.api.publish({
    campaignEventId: 'sale_subscription',
    userId,
    orderId,
    totalAmountCents: 4900,
    currency: 'USD',
    ...fields,
  });
  const id = `sale_subscription:${orderId}`;
  // Its workflow is started after the answer.
  await until(async () => (await stack.conversion(id))?.status !== 'pending');
  return { id, handle: stack.temporal.workflow.getHandle(workflowId(id)) };
}

function buyerOf({ api }: Stack): Promise<string> {
  const buyer = buyers.get(api) ?? api.me('user_buyer', 'click').then(({ body }) => body.userId as string);
  buyers.set(api, buyer);
  return buyer;
}
