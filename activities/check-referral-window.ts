import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import { checkReferralWindow as check, type ReferralWindowCheck } from '../src/domain/referral-window.js';
import { findEvent } from './find-event.js';
import type { LoadedAttribution } from './load-attribution.js';

export function createCheckReferralWindow({ campaignEvents }: { campaignEvents: CampaignEvents }) {
  return async function checkReferralWindow(loaded: LoadedAttribution): Promise<ReferralWindowCheck> {
    return check({
      capturedAt: new Date(loaded.capturedAt),
      occurredAt: new Date(loaded.occurredAt),
      referralWindowDays: findEvent(campaignEvents, loaded.campaignEventId).referralWindowDays,
    });
  };
}
