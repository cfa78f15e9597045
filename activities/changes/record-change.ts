import { log } from '@temporalio/activity';
import { type Change, type ChangeStatus, OPEN_CHANGE_STATUSES } from '../../src/domain/adjustment.js';
import type { ConversionStatus } from '../../src/domain/conversion.js';
import type { Database } from '../../src/mongo.js';
import { findChange } from './find-change.js';

export interface ChangeOutcome {
  conversionId: string;
  changeId: string;
  status: Exclude<ChangeStatus, 'pending'>;
  parkReason?: string;
  detail?: string;
}

/** Writes into the ledger what the workflow has decided about a change. A repeated call adds nothing. */
export function createRecordChange({ db }: { db: Database }) {
  return async function recordChange(outcome: ChangeOutcome): Promise<void> {
    const { conversionId, changeId, ...step } = outcome;
    if (await updateChange(db, conversionId, changeId, step)) log.info('change outcome', { ...outcome });
  };
}

type Step = Pick<Change, 'status'> & Partial<Pick<Change, 'parkReason' | 'detail' | 'queuedUri'>>;

/**
 * One step of a change, in its own entry and in the timeline. A reversal that is done makes the conversion reversed.
 * @returns whether it was news
 */
export async function updateChange(
  db: Database,
  conversionId: string,
  changeId: string,
  { status, parkReason, detail, queuedUri }: Step,
): Promise<boolean> {
  const { conversion, change } = await findChange(db, conversionId, changeId);
  const reversed = change.kind === 'reversal' && status === 'confirmed';
  const conversionStatus: ConversionStatus = reversed ? 'reversed' : conversion.status;
  const words = `${change.kind === 'reversal' ? 'Reversal' : 'New amount'} ${status}. ${detail ?? ''}`.trim();
  const now = new Date();
  const news = {
    id: changeId,
    $nor: [{ status: 'confirmed' }, { status, ...(parkReason ? { parkReason } : {}) }],
  };
  const { modifiedCount } = await db.conversions.updateOne(
    { _id: conversionId, changes: { $elemMatch: news } },
    {
      $set: {
        updatedAt: now,
        'changes.$[this].status': status,
        ...(detail ? { 'changes.$[this].detail': detail } : {}),
        ...(parkReason ? { 'changes.$[this].parkReason': parkReason } : {}),
        ...(queuedUri ? { 'changes.$[this].queuedUri': queuedUri } : {}),
        ...(status === 'submitted' ? { 'changes.$[this].sentAt': now } : {}),
        // After it no amount matters any more.
        ...(reversed ? { status: 'reversed', 'changes.$[other].status': 'abandoned' } : {}),
      },
      $unset: {
        ...(parkReason ? {} : { 'changes.$[this].parkReason': 1 }),
        ...(reversed ? { reason: 1 } : {}),
      },
      $push: {
        timeline: { at: now, status: conversionStatus, reason: parkReason ?? change.reason, detail: words },
      },
    },
    {
      arrayFilters: [
        { 'this.id': changeId },
        ...(reversed
          ? [{ 'other.id': { $ne: changeId }, 'other.status': { $in: OPEN_CHANGE_STATUSES } }]
          : []),
      ],
    },
  );
  return modifiedCount > 0;
}
