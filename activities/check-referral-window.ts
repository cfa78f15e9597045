import type { LoadedAttribution } from '../src/domain/next-step.js';
import { checkReferralWindow as check, type ReferralWindowCheck } from '../src/domain/referral-window.js';
import type { ActivityDeps } from './deps.js';

export function createCheckReferralWindow({ campaignEvents }: Pick<ActivityDeps, 'campaignEvents'>) {
  return async function checkReferralWindow(loaded: LoadedAttribution): Promise<ReferralWindowCheck> {
    return check({
      capturedAt: new Date(loaded.capturedAt),
      occurredAt: new Date(loaded.occurredAt),
      referralWindowDays: campaignEvents.get(loaded.campaignEventId).referralWindowDays,
    });
  };
}
