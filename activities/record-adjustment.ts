import { log } from '@temporalio/activity';
import {
  type Adjustment,
  type AdjustmentStatus,
  OPEN_ADJUSTMENT_STATUSES,
} from '../src/domain/adjustment.js';
import type { ConversionStatus } from '../src/domain/conversion.js';
import type { Database } from '../src/mongo.js';
import { findAdjustment } from './find-adjustment.js';

export interface AdjustmentOutcome {
  conversionId: string;
  adjustmentId: string;
  status: Exclude<AdjustmentStatus, 'pending'>;
  parkReason?: string;
  detail?: string;
}

/** Writes into the ledger what the workflow has decided about an adjustment. A repeated call adds nothing. */
export function createRecordAdjustment({ db }: { db: Database }) {
  return async function recordAdjustment(outcome: AdjustmentOutcome): Promise<void> {
    const { conversionId, adjustmentId, ...step } = outcome;
    if (await updateAdjustment(db, conversionId, adjustmentId, step))
      log.info('adjustment outcome', { ...outcome });
  };
}

type Step = Pick<Adjustment, 'status'> & Partial<Pick<Adjustment, 'parkReason' | 'detail' | 'queuedUri'>>;

/**
 * One step of an adjustment, in its own entry and in the timeline. A reversal that is done makes the conversion reversed.
 * @returns whether it was news
 */
export async function updateAdjustment(
  db: Database,
  conversionId: string,
  adjustmentId: string,
  { status, parkReason, detail, queuedUri }: Step,
): Promise<boolean> {
  const { conversion, adjustment } = await findAdjustment(db, conversionId, adjustmentId);
  const reversed = adjustment.kind === 'reversal' && status === 'confirmed';
  const conversionStatus: ConversionStatus = reversed ? 'reversed' : conversion.status;
  const words =
    `${adjustment.kind === 'reversal' ? 'Reversal' : 'New amount'} ${status}. ${detail ?? ''}`.trim();
  const now = new Date();
  const news = {
    id: adjustmentId,
    $nor: [{ status: 'confirmed' }, { status, ...(parkReason ? { parkReason } : {}) }],
  };
  const { modifiedCount } = await db.conversions.updateOne(
    { _id: conversionId, adjustments: { $elemMatch: news } },
    {
      $set: {
        updatedAt: now,
        'adjustments.$[this].status': status,
        ...(detail ? { 'adjustments.$[this].detail': detail } : {}),
        ...(parkReason ? { 'adjustments.$[this].parkReason': parkReason } : {}),
        ...(queuedUri ? { 'adjustments.$[this].queuedUri': queuedUri } : {}),
        ...(status === 'submitted' ? { 'adjustments.$[this].sentAt': now } : {}),
        // After it no amount matters any more.
        ...(reversed ? { status: 'reversed', 'adjustments.$[other].status': 'abandoned' } : {}),
      },
      $unset: {
        ...(parkReason ? {} : { 'adjustments.$[this].parkReason': 1 }),
        ...(reversed ? { reason: 1 } : {}),
      },
      $push: {
        timeline: {
          at: now,
          status: conversionStatus,
          reason: parkReason ?? adjustment.reason,
          detail: words,
        },
      },
    },
    {
      arrayFilters: [
        { 'this.id': adjustmentId },
        ...(reversed
          ? [{ 'other.id': { $ne: adjustmentId }, 'other.status': { $in: OPEN_ADJUSTMENT_STATUSES } }]
          : []),
      ],
    },
  );
  return modifiedCount > 0;
}
