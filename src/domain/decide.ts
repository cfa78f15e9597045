import type { Attribution, FoundAttribution } from './attribution.js';
import type { Conversion, SkipReason } from './conversion.js';
import type { CampaignEvent, ConversionDetails } from './programme/event.js';
import { checkReferralWindow } from './referral-window.js';

/** The conversion as Impact gets it. Field names are Impact's, in camel case. */
export interface ConversionReport extends ConversionDetails {
  campaignId: number;
  actionTrackerId: number;
  /** Not there where a promo code alone credits a partner. */
  clickId?: string;
  orderId: string;
  /** When it happened, never when it was sent. */
  eventDate: Date;
  /** Our own user id: it must not identify a person. */
  customerId: string;
}

export type Decision =
  | { wouldBe: 'reported'; report: ConversionReport }
  | { wouldBe: 'skipped'; reason: Exclude<SkipReason, 'provider_not_configured'>; detail?: string }
  | { wouldBe: 'parked'; reason: 'too_old'; detail: string };

export type Unattributed = Pick<Conversion, 'userId' | 'payload' | 'occurredAt'>;

/**
 * Impact drops older events, so sending one would look like success.
 * https://help.impact.com/ "batch submit conversion data"; that the API has the same limit is inferred.
 */
const TOO_OLD_MS = 88 * 86_400_000;

/**
 * All decisions about a conversion before Impact is asked, by the same functions and in the same order as the service
 * makes them: when it records the conversion, in the workflow, and before it sends.
 * @param found the attribution that held when it happened
 */
export function decide(
  event: CampaignEvent,
  conversion: Unattributed,
  found: FoundAttribution,
  now: Date,
): Decision {
  if (found.reason === 'user_not_found') return { wouldBe: 'skipped', reason: found.reason };
  const { attribution } = found;
  const window = attribution && windowOf(event, conversion, attribution);
  if (!window?.inside && !hasPromoCode(conversion)) {
    return window
      ? { wouldBe: 'skipped', reason: 'outside_referral_window', detail: window.detail }
      : { wouldBe: 'skipped', reason: found.reason ?? 'no_attribution' };
  }
  const plan = planReport(event, conversion, attribution, now);
  if (plan.report) return { wouldBe: 'reported', report: plan.report };
  return { wouldBe: 'parked', reason: plan.reason, detail: plan.detail };
}

/**
 * How a conversion is recorded. Without a click or a promo code there is nothing to report. One of an unknown user waits
 * also with a promo code, as the user may come with a click.
 */
export function firstState(
  { attribution, reason }: FoundAttribution,
  conversion: Pick<Conversion, 'payload'>,
) {
  const isCredited = attribution !== null || (reason !== 'user_not_found' && hasPromoCode(conversion));
  return isCredited ? { status: 'pending' as const } : { status: 'skipped' as const, reason };
}

/** Impact credits the partner who has the code, with or without a click. */
export function hasPromoCode({ payload }: Pick<Conversion, 'payload'>): boolean {
  return payload.promoCode !== undefined;
}

function windowOf(
  { referralWindowDays }: CampaignEvent,
  { occurredAt }: Unattributed,
  { capturedAt }: Attribution,
) {
  return checkReferralWindow({ capturedAt, occurredAt, referralWindowDays });
}

/** What to send to Impact about a conversion, or why nothing. */
export function planReport(
  event: CampaignEvent,
  conversion: Unattributed,
  attribution: Attribution | null,
  now: Date,
) {
  const { userId, payload, occurredAt } = conversion;
  // Beside a promo code, a click whose window has closed is left out: the partner of the code is credited.
  const credits = attribution !== null && windowOf(event, conversion, attribution).inside;
  if (now.getTime() - occurredAt.getTime() > TOO_OLD_MS) {
    const detail = `It happened ${occurredAt.toISOString()}: Impact drops events older than 88 days.`;
    return { report: null, reason: 'too_old', detail } as const;
  }
  return {
    report: {
      campaignId: event.campaignId,
      actionTrackerId: event.actionTrackerId,
      ...(credits ? { clickId: attribution.clickId } : {}),
      orderId: event.orderId({ userId, payload }),
      eventDate: occurredAt,
      customerId: userId,
      ...event.details(payload),
    },
  };
}
