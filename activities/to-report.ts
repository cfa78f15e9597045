import { ApplicationFailure } from '@temporalio/common';
import {
  type Adjustment,
  itemsOf,
  payloadWith,
  UNSENT_ADJUSTMENT_STATUSES,
} from '../src/domain/adjustment.js';
import { shares } from '../src/domain/changed-items.js';
import type { Conversion } from '../src/domain/conversion.js';
import { type ConversionReport, hasPromoCode, planReport } from '../src/domain/decide.js';
import { decimalAmount } from '../src/domain/money.js';
import type { Amount } from '../src/domain/programme/event.js';
import { sumOf } from '../src/domain/programme/items.js';
import type { Programme } from '../src/domain/programme/programme.js';
import type { ActionItem } from '../src/impact/client.js';
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

/**
 * What is left of the items, if the adjustment changes any. All items are sent, so that their amounts have the order's as
 * their sum; but not an item that was returned before, which Impact may not know.
 */
export function adjustedItems(conversion: Conversion, adjustment: Adjustment): ActionItem[] | undefined {
  const { payload, adjustments = [] } = conversion;
  const { totalAmountCents = 0 } = adjustment;
  // It replaces the amounts that were not sent.
  const sent = adjustments.filter(({ status }) => !UNSENT_ADJUSTMENT_STATUSES.includes(status));
  const items = itemsOf(payloadWith({ payload, adjustments: [...sent, adjustment] }, 'wanted'));
  if (!adjustment.items || !items || sumOf(items) < totalAmountCents) return undefined;
  const before = itemsOf(payloadWith(conversion, 'effective')) ?? [];
  const parts = shares(totalAmountCents, items);
  return items.flatMap(({ sku, category, quantity }, index) => {
    const wasReturned = quantity === 0 && before[index]?.quantity === 0;
    const amount = decimalAmount(parts[index] ?? 0, String(payload.currency));
    return wasReturned ? [] : [{ sku, category, quantity, amount }];
  });
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
