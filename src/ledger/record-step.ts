import { type Conversion, type ConversionStatus, USER_ERASED } from '../domain/conversion.js';
import { isNeverReported } from '../domain/erasure.js';
import type { Decision, StepTaken } from '../domain/next-step.js';
import { resume } from './begin-run.js';
import { endErased, endUnsent } from './end-unsent.js';
import { findConversion } from './find-conversion.js';
import { recordAdjustment } from './record-adjustment.js';
import { markSubmitted, turnDown } from './settle-submission.js';
import { type Entry, type Expected, type Ledger, remark } from './transition.js';

/**
 * Writes a workflow's decision into the ledger. A decision that the ledger does not allow any more, or has already,
 * changes nothing: local activities run at least once, and what Impact has acknowledged is never overwritten.
 * @returns the conversion as it is now
 * @throws DomainError `conversion_not_found`
 */
export async function recordStep(ledger: Ledger, id: string, step: StepTaken, decision: Decision) {
  if (step.adjustmentId !== undefined) return recordAdjustment(ledger, id, step.adjustmentId, decision);
  const conversion = await findConversion(ledger.db, id);
  return (await record(ledger, conversion, step, decision)) ?? findConversion(ledger.db, id);
}

function record(ledger: Ledger, conversion: Conversion, { kind }: StepTaken, decision: Decision) {
  const { _id, submission } = conversion;
  const end = (entry: Entry) => {
    if (entry.status === 'abandoned' || !isNeverReported(conversion))
      return endUnsent(ledger, conversion, during(kind, entry), entry);
    const asErased = during(kind, { status: 'skipped', reason: USER_ERASED });
    return endErased(ledger, conversion, asErased, entry.detail);
  };
  switch (decision.status) {
    case 'submitted':
      return markSubmitted(ledger, _id, decision.queuedUri);
    case 'resumed':
      return resume(ledger, conversion, { detail: decision.detail });
    case 'skipped':
      return end(decision);
    case 'parked': {
      const { turnedDown, ...entry } = decision;
      return turnedDown ? turnDown(ledger, _id, entry) : end(entry);
    }
    case 'abandoned': {
      if (kind === 'confirm') return stopFollowing(ledger, _id, decision.detail);
      const caveat = submission?.state === 'sending' ? ' An attempt may have arrived at Impact.' : '';
      return end({ ...decision, detail: decision.detail + caveat });
    }
    case 'confirmed':
      throw new Error('Only an adjustment is confirmed by its workflow.');
  }
}

/** Impact has acknowledged it, and that stays so: only its workflow stops asking. */
function stopFollowing(ledger: Ledger, _id: string, detail: string): Promise<Conversion | null> {
  return remark(
    ledger,
    { _id, 'submission.followUntil': { $exists: true } },
    { status: 'submitted', detail: `Not followed any further. ${detail}` },
    { unset: ['submission.followUntil'] },
  );
}

const ACKNOWLEDGED: readonly ConversionStatus[] = ['submitted', 'confirmed', 'declined', 'reversed'];

/** How the ledger must have the conversion, for a decision that ends this step. */
function during(kind: StepTaken['kind'], { status, reason }: Entry): Expected {
  if (kind === 'confirm') return { status: 'submitted' };
  if (kind === 'wait') return { status: 'parked' };
  return {
    status: { $nin: ACKNOWLEDGED },
    'submission.state': { $ne: 'queued' },
    $nor: [{ status, reason: reason ?? null }],
  };
}
