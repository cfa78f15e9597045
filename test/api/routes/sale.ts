import { randomUUID } from 'node:crypto';
import type { Stack } from '../../support/stack.js';

/** A sale with a new order id, without a user. */
export function sale<Fields extends Record<string, unknown>>(fields?: Fields) {
  return {
    campaignEventId: 'sale_subscription',
    orderId: `order-${randomUUID()}`,
    totalAmountCents: 4900,
    currency: 'USD',
    ...(fields as Fields),
  };
}

export const newUser = () => `user_${randomUUID()}`;

/** Of a conversion of which only a refund or a new amount has come. */
export const WAITING = { status: 'skipped', reason: 'order_not_found' } as const;

/** A sale that is not published yet, of a user who came through a partner link, or through none. */
export async function unpublishedSale(
  { api }: Stack,
  fields: object = {},
  from: 'link' | 'nowhere' = 'link',
) {
  const clerkId = newUser();
  const { body: user } = await api.me(clerkId, from === 'link' ? 'abc' : undefined);
  const order = sale({ clerkId, ...fields });
  return { order, id: `sale_subscription:${order.orderId}`, userId: user.userId as string };
}
