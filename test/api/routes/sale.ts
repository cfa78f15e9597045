import { randomUUID } from 'node:crypto';

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
