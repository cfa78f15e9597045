import { activityInfo } from '@temporalio/activity';
import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import type { Conversion } from '../src/domain/conversion.js';
import type { Order } from '../src/impact/find-action.js';
import { findConversion } from './find-conversion.js';
import { findEvent } from './find-event.js';
import { requireImpact, toApplicationFailure } from './impact-failure.js';
import type { ReportConversionDeps } from './report-conversion.js';

export type FoundOrder = { found: true; actionId: string } | { found: false; lookedUpAt: string };

/** After an ambiguous outcome: whether Impact has the order. */
export function createFindOrder({ db, campaignEvents, impact }: ReportConversionDeps) {
  return async function findOrder(conversionId: string): Promise<FoundOrder> {
    const conversion = await findConversion(db, conversionId);
    const lookedUpAt = new Date();
    try {
      const action = await requireImpact(impact).findAction(orderOf(campaignEvents, conversion, lookedUpAt));
      return action
        ? { found: true, actionId: action.actionId }
        : { found: false, lookedUpAt: lookedUpAt.toISOString() };
    } catch (error) {
      throw toApplicationFailure(error, activityInfo().attempt);
    }
  };
}

/** As Impact knows it, where it knows it. */
export function orderOf(
  campaignEvents: CampaignEvents,
  { campaignEventId, occurredAt, userId, payload, submission }: Conversion,
  now: Date,
): Order {
  const event = findEvent(campaignEvents, campaignEventId);
  return {
    campaignId: event.campaignId,
    actionTrackerId: event.actionTrackerId,
    orderId: submission?.orderId ?? event.orderId({ userId, payload }),
    eventDate: occurredAt,
    sentAt: submission?.sentAt ?? now,
  };
}
