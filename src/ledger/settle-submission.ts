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

/**
 * Impact has processed it and turned it down, so nothing of it is there: a reversal that is open is done with that.
 * @param outcome `declined` where no human here can change the reason
 */
export async function turnDown(
  ledger: Ledger,
  conversionId: string,
  outcome: { status: 'declined' | 'parked'; reason: string; detail: string },
): Promise<Conversion> {
  for (;;) {
    const conversion = await findConversion(ledger.db, conversionId);
    if (conversion.status !== 'submitted') return conversion;
    const { adjustments = [], updatedAt } = conversion;
    const isReversed = adjustments.some((adjustment) => adjustment.kind === 'reversal' && isOpen(adjustment));
    const ends = isReversed || outcome.status === 'declined';
    const { set, ...closed } = ends && adjustments.length > 0 ? closeAdjustments() : { set: {} };
    const turnedDown = await transition(
      ledger,
      // The next round sees an adjustment that is requested at this moment.
      { _id: conversionId, status: 'submitted', updatedAt },
      isReversed ? { status: 'reversed', detail: outcome.detail } : outcome,
      {
        ...closed,
        set: { ...set, 'submission.state': 'rejected' },
        unset: ['submission.followUntil'],
      },
    );
    if (turnedDown) return turnedDown;
  }
}

export function receiptText(queuedUri: string | undefined): string {
  return queuedUri === undefined ? 'Impact queued it.' : `Impact queued it as ${queuedUri}.`;
}

export function followUntil(): Date {
  return new Date(Date.now() + FOLLOW_MS);
}
