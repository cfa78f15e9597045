import { type Conversion, UNSETTLED } from '../domain/conversion.js';
import { isNeverReported } from '../domain/erasure.js';
import { SEND_TIMEOUT_MS } from '../domain/workflow-names.js';
import { closeAdjustments, endErased, OPEN_REVERSAL } from './end-unsent.js';
import { type Expected, type Ledger, transition } from './transition.js';

/**
 * The ledger's own guard against a second POST, for what Temporal cannot know: a `workflow reset` runs activities
 * again, also while the attempt of the terminated run is still on the wire.
 *
 *   (none) ──claim──▶ sending ──receipt──▶ queued ──turned down──▶ rejected ──claim──▶ sending …
 *     ▲                  │
 *     └──── release ─────┴─ release: it may have arrived. Claimed again only after a look-up at Impact.
 *       it has not arrived
 *
 * A reversed conversion is never claimed, nor one whose user was erased. One attempt at a time holds the claim. The claim
 * lapses with the attempt's own time limit, so that a killed worker does not block the next attempt.
 */
export type Claim =
  | { state: 'claimed'; conversion: Conversion }
  /** Impact has acknowledged it, it was reversed, or its user was erased: there is nothing to send. */
  | { state: 'settled'; conversion: Conversion }
  | { state: 'in-flight' }
  | { state: 'may-have-arrived' };

/** @param lookedUpAt when Impact was queried for the order and did not have it: no earlier attempt has arrived */
export async function claimSubmission(
  ledger: Ledger,
  conversionId: string,
  orderId: string,
  lookedUpAt: string | number = 0,
): Promise<Claim> {
  const { conversions } = ledger.db;
  const now = new Date();
  const free = { ...notSent(now, new Date(lookedUpAt)), _id: conversionId };
  const conversion = await conversions
    .findOneAndUpdate(
      {
        ...free,
        status: { $ne: 'reversed' },
        erasedAt: null,
        adjustments: { $not: { $elemMatch: OPEN_REVERSAL } },
      },
      {
        $set: {
          'submission.state': 'sending',
          'submission.orderId': orderId,
          'submission.sentAt': now,
          'submission.inFlightUntil': new Date(now.getTime() + SEND_TIMEOUT_MS),
        },
        $inc: { 'submission.attempts': 1 },
      },
      { returnDocument: 'after' },
    )
    .lean();
  if (conversion) return { state: 'claimed', conversion };
  const reversed = await reverseUnsent(ledger, free);
  if (reversed) return { state: 'settled', conversion: reversed };

  const found = await conversions.findById(conversionId).lean();
  const ended = found?.erasedAt ? await endUnsendable(ledger, found, free) : null;
  if (ended) return { state: 'settled', conversion: ended };
  if (
    found &&
    (found.submission?.state === 'queued' || found.status === 'reversed' || isNeverReported(found))
  )
    return { state: 'settled', conversion: found };
  const inFlightUntil = found?.submission?.inFlightUntil;
  return { state: inFlightUntil && inFlightUntil > now ? 'in-flight' : 'may-have-arrived' };
}

/** Impact does not have it, and no attempt is under way that could still arrive there. */
function notSent(now: Date, lookedUpAt: Date): Expected {
  return {
    $and: [
      { $or: [{ 'submission.inFlightUntil': null }, { 'submission.inFlightUntil': { $lte: now } }] },
      {
        $or: [
          { 'submission.state': { $nin: ['queued', 'sending'] } },
          { 'submission.state': 'sending', 'submission.sentAt': { $lte: lookedUpAt } },
        ],
      },
    ],
  };
}

/** The refund came while an attempt might have arrived, and none has: the ledger alone takes it back. */
function reverseUnsent(ledger: Ledger, free: Expected & { _id: string }): Promise<Conversion | null> {
  const { set, arrayFilters } = closeAdjustments();
  return transition(
    ledger,
    { ...free, adjustments: { $elemMatch: OPEN_REVERSAL } },
    { status: 'reversed', detail: 'Reversed before it was sent: Impact has nothing of it.' },
    { set, arrayFilters, unset: ['submission.state', 'submission.inFlightUntil'] },
  );
}

/** The user was erased while an attempt might have arrived, and none has: without the click there is nothing to send. */
function endUnsendable(ledger: Ledger, found: Conversion, free: Expected): Promise<Conversion | null> {
  const unset = ['submission.state', 'submission.inFlightUntil'];
  return endErased(ledger, found, { ...free, status: { $in: UNSETTLED } }, undefined, { unset });
}

/** Lets the next attempt begin at once. */
export async function releaseSubmission({ db }: Ledger, id: string, mayHaveArrived: boolean): Promise<void> {
  await db.conversions.updateOne(
    { _id: id, 'submission.state': 'sending' },
    { $unset: { 'submission.inFlightUntil': 1, ...(mayHaveArrived ? {} : { 'submission.state': 1 }) } },
  );
}
