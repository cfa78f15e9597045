import { z } from 'zod';
import { defineCampaignEvent } from './define.js';

export const signup = defineCampaignEvent({
  id: 'signup',
  description: 'A user signed up.',
  campaignId: 48046,
  actionTrackerId: 68897,
  referralWindowDays: 30,
  payload: z.strictObject({}),
  example: {},
  key: ({ userId }) => userId,
  orderId: ({ userId }) => `signup-${userId}`,
  details: () => ({ customerStatus: 'New' }),
});
