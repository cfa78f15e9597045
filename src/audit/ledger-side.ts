import { isOpen, payloadWith, reversalOf } from '../domain/adjustment.js';
import type { CampaignEvent } from '../domain/programme/event.js';
import type { WalkedConversion } from '../ledger/walk-conversions.js';
import type { LedgerSide } from './types.js';

/** What the comparison needs of a conversion. */
export function toLedgerSide(
  event: CampaignEvent,
  conversion: WalkedConversion,
): LedgerSide & { orderId: string } {
  const { _id, userId, occurredAt, payload, status, reason, submission, updatedAt } = conversion;
  const { amount, currencyCode } = event.amount(payloadWith(conversion, 'effective')) ?? {};
  const reversal = reversalOf(conversion);
  return {
    orderId: submission?.orderId ?? event.orderId({ userId, payload }),
    conversionId: _id,
    userId,
    occurredAt,
    status,
    reason,
    amount,
    currency: currencyCode,
    reversal: reversal && { status: reversal.status, sentAt: reversal.sentAt },
    amountAdjustment: amountAdjustmentOf(event, conversion),
    sentAt: submission?.sentAt,
    updatedAt,
  };
}

function amountAdjustmentOf(
  event: CampaignEvent,
  { payload, adjustments = [] }: WalkedConversion,
): LedgerSide['amountAdjustment'] {
  const newest = adjustments.findLast((adjustment) => adjustment.kind === 'amount' && isOpen(adjustment));
  if (!newest) return undefined;
  const { status, sentAt, totalAmountCents } = newest;
  const { amount = '' } = event.amount({ ...payload, totalAmountCents }) ?? {};
  return { status, sentAt, amount };
}
