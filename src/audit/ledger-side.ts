import { type Adjustment, OPEN_ADJUSTMENT_STATUSES, payloadWith, reversalOf } from '../domain/adjustment.js';
import type { CampaignEvent } from '../domain/campaign-events/define.js';
import type { WalkedConversion } from '../ledger/walk-conversions.js';
import type { AdjustmentSide, LedgerSide } from './types.js';

/** What the comparison needs of a conversion. */
export function toLedgerSide(
  event: CampaignEvent,
  conversion: WalkedConversion,
): LedgerSide & { orderId: string } {
  const { _id, userId, payload, status, reason, submission, updatedAt } = conversion;
  const { amount, currencyCode } = event.details(payloadWith(conversion, 'effective'));
  const reversal = reversalOf(conversion);
  const amountAdjustment = amountAdjustmentOf(event, conversion);
  return {
    orderId: submission?.orderId ?? event.orderId({ userId, payload }),
    conversionId: _id,
    status,
    ...(reason ? { reason } : {}),
    ...(amount === undefined ? {} : { amount }),
    ...(currencyCode ? { currency: currencyCode } : {}),
    ...(reversal ? { reversal: toAdjustmentSide(reversal) } : {}),
    ...(amountAdjustment ? { amountAdjustment } : {}),
    ...(submission?.sentAt ? { sentAt: submission.sentAt } : {}),
    updatedAt,
  };
}

function amountAdjustmentOf(
  event: CampaignEvent,
  { payload, adjustments = [] }: WalkedConversion,
): LedgerSide['amountAdjustment'] {
  const newest = adjustments.findLast(
    ({ kind, status }) => kind === 'amount' && OPEN_ADJUSTMENT_STATUSES.includes(status),
  );
  if (!newest) return undefined;
  const { amount = '' } = event.details({ ...payload, totalAmountCents: newest.totalAmountCents });
  return { ...toAdjustmentSide(newest), amount };
}

function toAdjustmentSide({ status, sentAt }: Adjustment): AdjustmentSide {
  return { status, ...(sentAt ? { sentAt } : {}) };
}
