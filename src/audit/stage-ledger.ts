import { type Adjustment, OPEN_ADJUSTMENT_STATUSES, payloadWith, reversalOf } from '../domain/adjustment.js';
import type { AuditWindow } from '../domain/audit.js';
import type { CampaignEvent } from '../domain/campaign-events/define.js';
import { CONVERSION_STATUSES, type Conversion } from '../domain/conversion.js';
import { createEntryWriter } from './entry-writer.js';
import type { AdjustmentSide, LedgerSide } from './sides.js';
import type { StageDeps } from './stage-actions.js';

/** Puts the ledger's side of the window where it can be compared. */
export async function stageLedger(
  { db, campaignEvents, onBatch }: StageDeps,
  auditId: string,
  { from, to }: AuditWindow,
): Promise<void> {
  const events = new Map(campaignEvents.all.map((event) => [event.id, event]));
  const writer = createEntryWriter(db.auditEntries, onBatch);
  const at = new Date();
  const occurredAt = { $gte: new Date(from), $lt: new Date(to) };
  const conversions = db.conversions
    .find({ status: { $in: CONVERSION_STATUSES }, occurredAt }, { timeline: 0 })
    .lean()
    .cursor({ batchSize: 1_000 });
  for await (const conversion of conversions) {
    const event = events.get(conversion.campaignEventId);
    // An event that the deployed version has no more: nobody knows its tracker, whose Actions are not listed either.
    if (!event) continue;
    const { orderId, ...ledger } = toLedgerSide(event, conversion);
    const { actionTrackerId } = event;
    const _id = `${auditId}/conversion/${conversion._id}`;
    await writer.add({ _id, auditId, actionTrackerId, orderId, ledger, at });
  }
  await writer.end();
}

export function toLedgerSide(
  event: CampaignEvent,
  conversion: Omit<Conversion, 'timeline'>,
): Omit<LedgerSide, 'inWindow'> & { orderId: string } {
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
  { payload, adjustments = [] }: Omit<Conversion, 'timeline'>,
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
