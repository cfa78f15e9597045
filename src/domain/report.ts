import type { Attribution } from './attribution.js';
import type { CampaignEvent } from './campaign-events/define.js';
import type { Conversion, ConversionReport } from './conversion.js';

/**
 * Impact drops what is older, so sending it would look like success.
 * https://help.impact.com/ "batch submit conversion data"; that the API has the same limit is inferred.
 */
const TOO_OLD_MS = 88 * 86_400_000;

export type Unattributed = Pick<Conversion, 'userId' | 'payload' | 'occurredAt'>;

export type ReportPlan = { report: ConversionReport } | { report: null; reason: 'too_old'; detail: string };

/** What Impact is told about a conversion, or why nothing. */
export function planReport(
  event: CampaignEvent,
  { userId, payload, occurredAt }: Unattributed,
  { clickId }: Attribution,
  now: Date,
): ReportPlan {
  if (now.getTime() - occurredAt.getTime() > TOO_OLD_MS) {
    const detail = `It happened ${occurredAt.toISOString()}: Impact drops what is older than 88 days.`;
    return { report: null, reason: 'too_old', detail };
  }
  return {
    report: {
      campaignId: event.campaignId,
      actionTrackerId: event.actionTrackerId,
      clickId,
      orderId: event.orderId({ userId, payload }),
      eventDate: occurredAt,
      customerId: userId,
      ...event.details(payload),
    },
  };
}
