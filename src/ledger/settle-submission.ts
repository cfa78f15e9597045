import type { Conversion, ConversionStatus } from '../domain/conversion.js';
import { FOLLOW_MS } from '../domain/next-step.js';
import { closeAdjustments, endErased, endUnsent } from './end-unsent.js';
import { findConversion } from './find-conversion.js';
import { type Expected, type Ledger, transition } from './transition.js';

/** Impact has accepted it or will not credit it, or it was reversed: no later step overwrites that. */
const DECIDED: readonly ConversionStatus[] = ['confirmed', 'declined', 'reversed'];

/** Impact has queued it. A repeated call changes nothing. */
export async function markSubmitted(ledger: Ledger, id: string, queuedUri?: string): Promise<Conversion> {
  const submitted = await transition(
    ledger,
    { _id: id, 'submission.state': { $ne: 'queued' } },
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
  return submitted ?? findConversion(ledger.db, id);
}

/** Impact has accepted it. */
export async function markConfirmed(ledger: Ledger, id: string, detail: string): Promise<Conversion> {
  const confirmed = await transition(
    ledger,
    { _id: id, status: { $nin: DECIDED } },
    { status: 'confirmed', detail },
    { set: { 'submission.state': 'queued' }, unset: ['submission.inFlightUntil', 'submission.followUntil'] },
  );
  return confirmed ?? findConversion(ledger.db, id);
}

/**
 * Impact has processed it and turned it down, so nothing of it is there.
 * @param outcome `declined` where no human here can change the reason
 */
export async function turnDown(
  ledger: Ledger,
  id: string,
  outcome: { status: 'declined' | 'parked'; reason: string; detail: string },
): Promise<Conversion> {
  const conversion = await findConversion(ledger.db, id);
  const { set, ...closed } =
    outcome.status === 'declined' && conversion.adjustments ? closeAdjustments() : { set: {} };
  const expected: Expected = { status: 'submitted' };
  const changes = {
    ...closed,
    set: { ...set, 'submission.state': 'rejected' },
    unset: ['submission.followUntil'],
    nothingThere: {},
  };
  const turnedDown =
    outcome.status === 'parked' && conversion.erasedAt
      ? await endErased(ledger, conversion, expected, outcome.detail, changes)
      : await endUnsent(ledger, conversion, expected, outcome, changes);
  return turnedDown ?? findConversion(ledger.db, id);
}

export function receiptText(queuedUri: string | undefined): string {
  return queuedUri === undefined ? 'Impact queued it.' : `Impact queued it as ${queuedUri}.`;
}

export function followUntil(): Date {
  return new Date(Date.now() + FOLLOW_MS);
}
