import { activityInfo } from '@temporalio/activity';
import { findConversion } from './find-conversion.js';
import { findEvent } from './find-event.js';
import { requireImpact, toApplicationFailure } from './impact-failure.js';
import type { ReportConversionDeps } from './report-conversion.js';

export type FoundOrder = { found: true; actionId: string } | { found: false; lookedUpAt: string };

/** After an ambiguous outcome: whether Impact has the order. */
export function createFindOrder({ db, campaignEvents, impact }: ReportConversionDeps) {
  return async function findOrder(conversionId: string): Promise<FoundOrder> {
    const { campaignEventId, occurredAt, submission } = await findConversion(db, conversionId);
    const { campaignId, actionTrackerId } = findEvent(campaignEvents, campaignEventId);
    const lookedUpAt = new Date();
    const order = {
      campaignId,
      actionTrackerId,
      orderId: submission?.orderId ?? '',
      eventDate: occurredAt,
      sentAt: submission?.sentAt ?? lookedUpAt,
    };
    try {
      const action = await requireImpact(impact).findAction(order);
      return action ? { found: true, ...action } : { found: false, lookedUpAt: lookedUpAt.toISOString() };
    } catch (error) {
      throw toApplicationFailure(error, activityInfo().attempt);
    }
  };
}
