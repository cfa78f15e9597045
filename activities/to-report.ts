import { ApplicationFailure } from '@temporalio/common';
import { payloadWith } from '../src/domain/adjustment.js';
import type { Conversion } from '../src/domain/conversion.js';
import { type ConversionReport, hasPromoCode, planReport } from '../src/domain/decide.js';
import type { Amount } from '../src/domain/programme/event.js';
import type { Programme } from '../src/domain/programme/programme.js';
import type { Order } from '../src/impact/find-action.js';

/** @throws ApplicationFailure `no_attribution`, `too_old`; DomainError `unknown_campaign_event` */
export function toReport(programme: Programme, conversion: Conversion): ConversionReport {
  const { _id: id, attribution, campaignEventId } = conversion;
  if (!attribution && !hasPromoCode(conversion)) {
    throw ApplicationFailure.nonRetryable(`Conversion "${id}" has no click to report.`, 'no_attribution');
  }
  // An amount that changed before the conversion was sent goes out with it.
  const wanted = { ...conversion, payload: payloadWith(conversion, 'effective') };
  const plan = planReport(programme.get(campaignEventId), wanted, attribution, new Date());
  if (plan.report) return plan.report;
  throw ApplicationFailure.nonRetryable(plan.detail, plan.reason);
}

/** The amount of an adjustment, as Impact takes it. */
export function adjustedAmount(
  programme: Programme,
  { campaignEventId, payload }: Conversion,
  { totalAmountCents }: { totalAmountCents?: number },
): Amount | undefined {
  return programme.get(campaignEventId).amount({ ...payload, totalAmountCents });
}

/** The order as Impact knows it, if Impact has it. */
export function orderOf(
  programme: Programme,
  { campaignEventId, occurredAt, userId, payload, submission }: Conversion,
  now: Date,
): Order {
  const event = programme.get(campaignEventId);
  return {
    campaignId: event.campaignId,
    actionTrackerId: event.actionTrackerId,
    orderId: submission?.orderId ?? event.orderId({ userId, payload }),
    eventDate: occurredAt,
    sentAt: submission?.sentAt ?? now,
  };
}
