import type { AuditWindow } from '../domain/audit.js';
import type { CampaignEvent } from '../domain/campaign-events/define.js';
import { OPEN_CHANGE_STATUSES, payloadWith, reversalOf } from '../domain/change.js';
import { CONVERSION_STATUSES, type Conversion } from '../domain/conversion.js';
import type { LedgerSide } from './compare.js';
import { createEntryWriter } from './entry-writer.js';
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
  const { _id, userId, payload, status, reason, submission, changes = [] } = conversion;
  const { amount, currencyCode } = event.details(payloadWith(conversion, 'effective'));
  const reversal = reversalOf(conversion);
  const amountChanging = changes.some(
    (change) => change.kind === 'amount' && OPEN_CHANGE_STATUSES.includes(change.status),
  );
  return {
    orderId: submission?.orderId ?? event.orderId({ userId, payload }),
    conversionId: _id,
    status,
    ...(reason ? { reason } : {}),
    ...(amount === undefined ? {} : { amount }),
    ...(currencyCode ? { currency: currencyCode } : {}),
    ...(reversal ? { reversal: { status: reversal.status, requestedAt: reversal.requestedAt } } : {}),
    ...(amountChanging ? { amountChanging } : {}),
    ...(submission?.sentAt ? { sentAt: submission.sentAt } : {}),
  };
}
