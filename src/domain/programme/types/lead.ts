import { z } from 'zod';
import { customerEmail } from '../customer-email.js';
import { defineType } from '../define-type.js';

/** A user id is an ObjectId. */
const USER_ID = /^[0-9a-f]{24}$/;

/** It happens once per user, and has no amount. */
export const lead = defineType({
  description: 'It happens once per user.',
  payload: () => z.strictObject({ customerEmail }),
  example: {},
  key: ({ userId }) => userId,
  fromKey: (key) => (USER_ID.test(key) ? { userId: key, payload: {} } : undefined),
  orderId: ({ userId }, { id }) => `${id}-${userId}`,
  details: ({ customerEmail }, { isSignup }) => ({
    ...(isSignup ? { customerStatus: 'New' } : {}),
    ...(customerEmail ? { customerEmail } : {}),
  }),
});
