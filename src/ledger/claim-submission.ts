import { log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { QueryFilter } from 'mongoose';
import { OPEN_ADJUSTMENT_STATUSES } from '../domain/adjustment.js';
import type { Conversion } from '../domain/conversion.js';
import type { Database } from '../mongo.js';
import { type CountsConversions, countConversion } from './count-conversion.js';

/**
 * The ledger's own guard against a second POST, for what Temporal cannot know: a `workflow reset` runs
 * activities again, also while the attempt of the terminated run is still on the wire.
 *
 *   (none) ──claim──▶ sending ──receipt──▶ queued ──turned down──▶ rejected ──claim──▶ sending …
 *     ▲                  │
 *     └──── release ─────┴─ release: it may have arrived. Claimed again only after a look-up at Impact.
 *       it has not arrived
 *
 * What is reversed is never claimed. One attempt at a time holds the claim. It lapses with the attempt's own time limit, so that a killed
 * worker blocks nobody.
 */
export type Claim =
  | { state: 'claimed'; conversion: Conversion }
  /** Taken back before it was sent: nothing of it is ever to reach Impact. */
  | { state: 'reversed' }
  | { state: 'queued'; queuedUri: string | undefined }
  | { state: 'may-have-arrived' };

/** Longer than an attempt can be on the wire: the workflow's `startToCloseTimeout` of reportConversion. */
export const CLAIM_MS = 30_000;

const LOOK_AGAIN_MS = 1_000;

/**
 * @param lookedUpAt when Impact was asked for the order, and did not have it: what was sent before has not arrived
 * @throws ApplicationFailure `report_in_flight`, retryable, while another attempt is under way
 */
export async function claimSubmission(
  db: Database,
  conversionId: string,
  orderId: string,
  lookedUpAt?: Date,
): Promise<Claim> {
  const now = new Date();
  const free: Filter = { _id: conversionId, ...notSent(now, lookedUpAt) };
  const conversion = await db.conversions
    .findOneAndUpdate(
      { ...free, status: { $ne: 'reversed' }, adjustments: { $not: { $elemMatch: OPEN_REVERSAL } } },
      {
        $set: {
          'submission.state': 'sending',
          'submission.orderId': orderId,
          'submission.sentAt': now,
          'submission.inFlightUntil': new Date(now.getTime() + CLAIM_MS),
        },
        $inc: { 'submission.attempts': 1 },
      },
      { returnDocument: 'after' },
    )
    .lean();
  if (conversion) return { state: 'claimed', conversion };
  if (await reverseUnsent(db, free, now)) return { state: 'reversed' };

  const found = await db.conversions.findById(conversionId).lean();
  const submission = found?.submission;
  if (submission?.state === 'queued') return { state: 'queued', queuedUri: submission.queuedUri };
  if (found?.status === 'reversed') return { state: 'reversed' };
  if (!submission?.inFlightUntil || submission.inFlightUntil <= now) return { state: 'may-have-arrived' };
  throw ApplicationFailure.create({
    type: 'report_in_flight',
    message: 'Another attempt to report this conversion is under way; waiting for its outcome.',
    nextRetryDelay: LOOK_AGAIN_MS,
  });
}

type Filter = QueryFilter<Conversion>;

/** Nothing of it is at Impact, and no attempt is under way that could still arrive there. */
function notSent(now: Date, lookedUpAt = new Date(0)): Filter {
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

const OPEN_REVERSAL = { kind: 'reversal', status: { $in: OPEN_ADJUSTMENT_STATUSES } };

/** A refund that came while it might have arrived, which it then had not: there is nothing left to do. */
async function reverseUnsent(db: Database, free: Filter, now: Date): Promise<boolean> {
  const { modifiedCount } = await db.conversions.updateOne(
    { ...free, adjustments: { $elemMatch: OPEN_REVERSAL } },
    {
      $set: { status: 'reversed', updatedAt: now, 'adjustments.$[open].status': 'confirmed' },
      $unset: { reason: 1, 'submission.state': 1, 'submission.inFlightUntil': 1 },
      $push: { timeline: { at: now, status: 'reversed', detail: 'Taken back: nothing of it is at Impact.' } },
    },
    { arrayFilters: [{ 'open.kind': 'reversal', 'open.status': { $in: OPEN_ADJUSTMENT_STATUSES } }] },
  );
  return modifiedCount > 0;
}

/**
 * Impact's acknowledgement must not be lost to a database that is away for a moment: the activity's result
 * carries it as well, and the workflow records it later.
 * @returns whether the ledger has it
 */
export async function recordReceipt(
  { db, ...watched }: { db: Database } & CountsConversions,
  conversionId: string,
  queuedUri?: string,
): Promise<boolean> {
  const now = new Date();
  const detail = queuedUri === undefined ? 'Impact queued it.' : `Impact queued it as ${queuedUri}.`;
  try {
    const { modifiedCount } = await db.conversions.updateOne(
      { _id: conversionId, 'submission.state': { $ne: 'queued' } },
      {
        $set: {
          status: 'submitted',
          'submission.state': 'queued',
          ...(queuedUri === undefined ? {} : { 'submission.queuedUri': queuedUri }),
          updatedAt: now,
        },
        $unset: { reason: 1, 'submission.inFlightUntil': 1 },
        $push: { timeline: { at: now, status: 'submitted', detail } },
      },
    );
    if (modifiedCount > 0) countConversion(watched, conversionId, 'submitted');
    return true;
  } catch (error) {
    log.warn('receipt not recorded yet, the workflow will', { conversionId, error: String(error) });
    return false;
  }
}

/** Lets the next attempt begin at once. Where the ledger cannot be reached the claim simply lapses. */
export async function releaseSubmission(
  db: Database,
  conversionId: string,
  mayHaveArrived: boolean,
): Promise<void> {
  await db.conversions
    .updateOne(
      { _id: conversionId, 'submission.state': 'sending' },
      { $unset: { 'submission.inFlightUntil': 1, ...(mayHaveArrived ? {} : { 'submission.state': 1 }) } },
    )
    .catch((error) => log.warn('claim not released, it lapses', { conversionId, error: String(error) }));
}
