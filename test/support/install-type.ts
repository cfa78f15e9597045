import { z } from 'zod';
import { defineType } from '../../src/domain/programme/define-type.js';

/** All that a new type of event takes: this file, and a row in `types/index.ts`. */
export const install = defineType({
  description: 'A user installed the app on a device.',
  payload: () => z.strictObject({ device: z.enum(['phone', 'tablet']) }),
  example: { device: 'phone' },
  key: ({ userId, payload }) => `${userId}-${payload.device}`,
  fromKey: () => undefined,
  orderId: ({ userId, payload }, { id }) => `${id}-${userId}-${payload.device}`,
  fromOrderId: () => undefined,
  details: ({ device }) => ({ note: `on a ${device}` }),
});
