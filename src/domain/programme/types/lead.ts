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
  fromKey: (key) => (USER_ID.test(key) ? { userId: key, payload: {} } : undefined),
  orderId: ({ userId }, { id }) => `${id}-${userId}`,
  details: ({ customerEmail }, { isSignup }) => ({
    ...(isSignup ? { customerStatus: 'New' } : {}),
    ...(customerEmail ? { customerEmail } : {}),
  }),
});
