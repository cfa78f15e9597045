import { ApplicationFailure } from '@temporalio/common';
import { payloadWith } from '../src/domain/adjustment.js';
import type { ConversionDetails } from '../src/domain/campaign-events/define.js';
import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import type { Conversion } from '../src/domain/conversion.js';
import { type ConversionReport, planReport } from '../src/domain/decide.js';
import type { Order } from '../src/impact/find-action.js';

/** @throws ApplicationFailure `no_attribution`, `too_old`; DomainError `unknown_campaign_event` */
export function toReport(campaignEvents: CampaignEvents, conversion: Conversion): ConversionReport {
  const { _id: id, attribution, campaignEventId } = conversion;
  if (!attribution) {
    throw ApplicationFailure.nonRetryable(`Conversion "${id}" has no click to report.`, 'no_attribution');
  }
  // An amount that changed before the conversion was sent goes out with it.
  const wanted = { ...conversion, payload: payloadWith(conversion, 'effective') };
  const plan = planReport(campaignEvents.get(campaignEventId), wanted, attribution, new Date());
  if (plan.report) return plan.report;
  throw ApplicationFailure.nonRetryable(plan.detail, plan.reason);
}

/** The report's details with the amount of an adjustment. */
export function detailsWithAmount(
  campaignEvents: CampaignEvents,
  conversion: Conversion,
  { totalAmountCents }: { totalAmountCents?: number },
): ConversionDetails {
  const event = campaignEvents.get(conversion.campaignEventId);
  return event.details({ ...payloadWith(conversion, 'effective'), totalAmountCents });
}

/** The order as Impact knows it, if Impact has it. */
export function orderOf(
  campaignEvents: CampaignEvents,
  { campaignEventId, occurredAt, userId, payload, submission }: Conversion,
  now: Date,
): Order {
  const event = campaignEvents.get(campaignEventId);
  return {
    campaignId: event.campaignId,
    actionTrackerId: event.actionTrackerId,
    orderId: submission?.orderId ?? event.orderId({ userId, payload }),
    eventDate: occurredAt,
    sentAt: submission?.sentAt ?? now,
  };
}
