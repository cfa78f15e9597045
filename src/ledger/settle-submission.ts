import { isOpen } from '../domain/adjustment.js';
import type { Conversion, ConversionStatus } from '../domain/conversion.js';
import { FOLLOW_MS } from '../domain/next-step.js';
import { closeAdjustments } from './close-adjustments.js';
import { findConversion } from './find-conversion.js';
import { type Ledger, transition } from './transition.js';

/** Impact has accepted it or will not credit it, or it was reversed: no later step overwrites that. */
const DECIDED: readonly ConversionStatus[] = ['confirmed', 'declined', 'reversed'];

/** Impact has queued it. A repeated call changes nothing. */
export async function markSubmitted(
  ledger: Ledger,
  conversionId: string,
  queuedUri?: string,
): Promise<Conversion> {
  const submitted = await transition(
    ledger,
    { _id: conversionId, 'submission.state': { $ne: 'queued' } },
    { status: 'submitted', detail: receiptText(queuedUri) },
    {
      // Impact can be asked about a submission only by its address.
      set: {
        'submission.state': 'queued',
        ...(queuedUri ? { 'submission.queuedUri': queuedUri, 'submission.followUntil': followUntil() } : {}),
      },
      unset: ['submission.inFlightUntil'],
    },
  );
  return submitted ?? findConversion(ledger.db, conversionId);
}

/** Impact has accepted it. */
export async function markConfirmed(
  ledger: Ledger,
  conversionId: string,
  detail: string,
): Promise<Conversion> {
  const confirmed = await transition(
    ledger,
    { _id: conversionId, status: { $nin: DECIDED } },
    { status: 'confirmed', detail },
    { set: { 'submission.state': 'queued' }, unset: ['submission.inFlightUntil', 'submission.followUntil'] },
  );
  return confirmed ?? findConversion(ledger.db, conversionId);
}

/** Impact has processed it and will not credit it: nothing is left to do, or to take back. */
export async function decline(
  ledger: Ledger,
  conversionId: string,
  { reason, detail }: { reason: string; detail: string },
): Promise<Conversion> {
  for (;;) {
    const { status, adjustments, updatedAt } = await findConversion(ledger.db, conversionId);
    if (DECIDED.includes(status)) break;
    const reversal = adjustments?.some((adjustment) => adjustment.kind === 'reversal' && isOpen(adjustment));
    const closed = adjustments ? closeAdjustments() : { set: {} };
    const declined = await transition(
      ledger,
      // The next round sees an adjustment that is requested at this moment.
      { _id: conversionId, status, updatedAt },
      reversal ? { status: 'reversed', detail } : { status: 'declined', reason, detail },
      {
        ...closed,
        set: { ...closed.set, 'submission.state': 'rejected' },
        unset: ['submission.followUntil'],
      },
    );
    if (declined) return declined;
  }
  return findConversion(ledger.db, conversionId);
}

export function receiptText(queuedUri: string | undefined): string {
  return queuedUri === undefined ? 'Impact queued it.' : `Impact queued it as ${queuedUri}.`;
}

export function followUntil(): Date {
  return new Date(Date.now() + FOLLOW_MS);
}
