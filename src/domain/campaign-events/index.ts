import { createCampaignEvents } from './registry.js';
import { saleSubscription } from './sale-subscription.js';
import { signup } from './signup.js';

/** One row per event. A new event is one file beside this one and one row here. */
export const campaignEvents = createCampaignEvents([signup, saleSubscription]);
