import { log } from '@temporalio/activity';
import { OPEN_ADJUSTMENT_STATUSES } from '../src/domain/adjustment.js';
import type { ConversionStatus } from '../src/domain/conversion.js';
import { type CountsConversions, countConversion } from '../src/ledger/count-conversion.js';
import type { Database } from '../src/mongo.js';

export interface Outcome {
  conversionId: string;
  status: Exclude<ConversionStatus, 'pending'>;
  reason?: string;
  detail?: string;
  queuedUri?: string;
  /** The step follows from what Impact acknowledged: `queued` still holds, or was `rejected` later. */
  submission?: 'queued' | 'rejected';
}

/** What Impact has accepted, and what was taken back, is overwritten by no step. */
const DECIDED: readonly ConversionStatus[] = ['confirmed', 'reversed'];

export interface RecordedOutcome {
  /** A refund or another amount waits to be carried out. */
  adjustmentsOpen: boolean;
}

const HAS_RECEIPT: readonly ConversionStatus[] = ['submitted', 'confirmed'];

/**
 * Writes into the ledger what the workflow has decided. What Impact has acknowledged is overwritten only by a step
 * that follows from it, what it has accepted by none, and a repeated call adds nothing: local activities run at
 * least once.
 */
export function createRecordOutcome({ db, ...watched }: { db: Database } & CountsConversions) {
  return async function recordOutcome(outcome: Outcome): Promise<RecordedOutcome> {
    const { conversionId, status, reason, detail, queuedUri } = outcome;
    const submission = outcome.submission ?? (HAS_RECEIPT.includes(status) ? 'queued' : undefined);
    const now = new Date();
    const result = await db.conversions.updateOne(
      {
        _id: conversionId,
        ...(outcome.submission ? {} : { 'submission.state': { $ne: 'queued' } }),
        $nor: [{ status: { $in: DECIDED } }, { status, ...(reason ? { reason } : {}) }],
      },
      {
        $set: {
          status,
          updatedAt: now,
          ...(reason ? { reason } : {}),
          ...(submission ? { 'submission.state': submission } : {}),
          ...(queuedUri ? { 'submission.queuedUri': queuedUri } : {}),
        },
        ...(reason ? {} : { $unset: { reason: 1 } }),
        $push: {
          timeline: { at: now, status, ...(reason ? { reason } : {}), ...(detail ? { detail } : {}) },
        },
      },
    );
    if (result.modifiedCount > 0) {
      countConversion(watched, conversionId, status);
      log.info('conversion outcome', { conversionId, status, reason });
    }
    const changed = { _id: conversionId, 'adjustments.status': { $in: OPEN_ADJUSTMENT_STATUSES } };
    return { adjustmentsOpen: (await db.conversions.exists(changed)) !== null };
  };
}
