import { z } from 'zod';
import { USER_ID } from '../../conversion.js';
import { customerEmail } from '../customer-email.js';
import { defineType } from '../define-type.js';

/** It happens once per user, and has no amount. */
export const lead = defineType({
  description: 'It happens once per user.',
  payload: () => z.strictObject({ customerEmail }),
  example: {},
  key: ({ userId }) => userId,
  fromKey: ofUser,
  orderId: ({ userId }, { id }) => `${id}-${userId}`,
  fromOrderId: (orderId, { id }) =>
    orderId.startsWith(`${id}-`) ? ofUser(orderId.slice(id.length + 1)) : undefined,
  details: ({ customerEmail }, { isSignup }) => ({
    ...(isSignup ? { customerStatus: 'New' } : {}),
    ...(customerEmail ? { customerEmail } : {}),
  }),
});

function ofUser(userId: string) {
  return USER_ID.test(userId) ? { userId, payload: {} } : undefined;
}
