import { z } from 'zod';
import { defineCampaignEvent } from '../../../src/domain/campaign-events/define.js';

/** All that a new kind of conversion takes: this file, and a row in the registry. */
export const trialStarted = defineCampaignEvent({
  id: 'trial_started',
  description: 'A user started a trial.',
  campaignId: 48046,
  actionTrackerId: 77777,
  referralWindowDays: 14,
  payload: z.strictObject({ plan: z.enum(['basic', 'team']) }),
  example: { plan: 'basic' },
  key: ({ userId, payload }) => `${userId}-${payload.plan}`,
  orderId: ({ userId, payload }) => `trial-${userId}-${payload.plan}`,
  details: ({ plan }) => ({ note: `plan ${plan}` }),
});
