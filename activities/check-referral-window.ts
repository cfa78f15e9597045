import type { LoadedAttribution } from '../src/domain/next-step.js';
import { checkReferralWindow as check, type ReferralWindowCheck } from '../src/domain/referral-window.js';
import type { ActivityDeps } from './deps.js';

export async function checkReferralWindow(
  { programme }: Pick<ActivityDeps, 'programme'>,
  { campaignEventId, capturedAt, occurredAt }: LoadedAttribution,
): Promise<ReferralWindowCheck> {
  const { referralWindowDays } = programme.get(campaignEventId);
  return check({ capturedAt: new Date(capturedAt), occurredAt: new Date(occurredAt), referralWindowDays });
}
