import {
  type Adjustment,
  type AdjustmentStatus,
  isOpen,
  UNSENT_ADJUSTMENT_STATUSES,
} from '../domain/adjustment.js';
import type { Conversion } from '../domain/conversion.js';
import type { Decision } from '../domain/next-step.js';
import { closeAdjustments } from './end-unsent.js';
import { findConversion } from './find-conversion.js';
import { followUntil, receiptText } from './settle-submission.js';
import { type Changes, type Ledger, remark, transition } from './transition.js';
import { untilWritten } from './until-written.js';

interface AdjustmentStep {
  status: AdjustmentStatus;
  parkReason?: string;
  detail?: string;
  queuedUri?: string | undefined;
  stopFollowing?: true;
}

/**
 * Writes into the ledger what a workflow has decided about an adjustment, or what Impact has answered. After a confirmed
 * reversal the conversion is reversed. A repeated call adds nothing.
 * @throws DomainError `conversion_not_found`, `concurrent_update`
 */
export async function recordAdjustment(ledger: Ledger, id: string, adjustmentId: string, decision: Decision) {
  return untilWritten(id, async () => {
    const conversion = await findConversion(ledger.db, id);
    const adjustment = conversion.adjustments?.find((candidate) => candidate.id === adjustmentId);
    if (!adjustment || !isOpen(adjustment)) return conversion;
    const step = stepOf(adjustment, decision);
    if (isTaken(adjustment, step)) return conversion;
    return write(ledger, conversion, adjustment, step);
  });
}

/** The worker begins to send it. A newer amount replaces older ones that were not sent. */
export async function beginAdjustment(ledger: Ledger, id: string, adjustmentId: string): Promise<void> {
  const { adjustments = [] } = await findConversion(ledger.db, id);
  const begun = adjustments.find((adjustment) => adjustment.id === adjustmentId);
  if (begun?.kind === 'amount') {
    const replaced = { status: 'abandoned', detail: 'A newer amount has replaced it.' } as const;
    for (const older of adjustments.slice(0, adjustments.indexOf(begun)))
      if (isUnsentAmount(older)) await recordAdjustment(ledger, id, older.id, replaced);
  }
  await markAdjustments(ledger, id, [adjustmentId], { from: ['pending', 'parked'], to: 'reporting' });
}

/** The adjustments that are in one of the states `from` are in the state `to`; any other stays as it is. */
export async function markAdjustments(
  { db }: Ledger,
  id: string,
  adjustmentIds: readonly string[],
  { from, to }: { from: readonly AdjustmentStatus[]; to: 'reporting' | 'confirmed' },
): Promise<void> {
  const status = { $in: from };
  await db.conversions.updateOne(
    { _id: id, adjustments: { $elemMatch: { id: { $in: adjustmentIds }, status } } },
    { $set: { 'adjustments.$[these].status': to }, $unset: { 'adjustments.$[these].parkReason': 1 } },
    { arrayFilters: [{ 'these.id': { $in: adjustmentIds }, 'these.status': status }] },
  );
}

function stepOf({ status }: Adjustment, decision: Decision): AdjustmentStep {
  switch (decision.status) {
    case 'parked':
      return { status: 'parked', parkReason: decision.reason, detail: decision.detail };
    case 'resumed':
      return { status: 'reporting', detail: decision.detail };
    case 'submitted':
      return { ...decision, detail: receiptText(decision.queuedUri) };
    case 'abandoned':
      // Impact has acknowledged a submitted adjustment, and that stays so: only its workflow stops asking.
      return status === 'submitted'
        ? { status, detail: `Not followed any further. ${decision.detail}`, stopFollowing: true }
        : { status: 'abandoned', detail: decision.detail };
    case 'confirmed':
      return { status: 'confirmed', detail: decision.detail };
    default:
      throw new Error(`An adjustment is never ${decision.status} by its workflow.`);
  }
}

function isTaken({ status, parkReason, followUntil }: Adjustment, step: AdjustmentStep): boolean {
  return step.stopFollowing
    ? followUntil === undefined
    : status === step.status && parkReason === step.parkReason;
}

/**
 * One step of one adjustment, in its own entry and in the timeline.
 * @returns null where the conversion or the adjustment has just moved
 */
function write(ledger: Ledger, { _id, status }: Conversion, adjustment: Adjustment, step: AdjustmentStep) {
  const { id, kind, reason } = adjustment;
  const words =
    `${kind === 'reversal' ? 'Reversal' : 'New amount'} ${step.status}. ${step.detail ?? ''}`.trim();
  const expected = { _id, status, adjustments: { $elemMatch: { id, status: adjustment.status } } };
  const line = { reason: step.parkReason ?? reason, detail: words };
  const changes = changesOf(adjustment, step);
  if (kind !== 'reversal' || step.status !== 'confirmed')
    return remark(ledger, expected, { status, ...line }, changes);
  // `reversed` has no reason of its own in the document; the timeline keeps why it was reversed.
  const closed = closeAdjustments();
  return transition(
    ledger,
    expected,
    { status: 'reversed', detail: words },
    {
      set: { 'adjustments.$[this].detail': step.detail ?? '', ...closed.set },
      unset: changes.unset ?? [],
      arrayFilters: [...changes.arrayFilters, ...closed.arrayFilters],
    },
  );
}

function changesOf({ id }: Adjustment, step: AdjustmentStep) {
  const { status, parkReason, detail, queuedUri, stopFollowing } = step;
  const sent = status === 'submitted' && !stopFollowing;
  const fields = {
    status,
    ...(detail ? { detail } : {}),
    ...(parkReason ? { parkReason } : {}),
    ...(queuedUri ? { queuedUri, followUntil: followUntil() } : {}),
    ...(sent ? { sentAt: new Date() } : {}),
  };
  const gone = [...(parkReason ? [] : ['parkReason']), ...(sent && queuedUri ? [] : ['followUntil'])];
  const here = (field: string) => `adjustments.$[this].${field}`;
  return {
    set: Object.fromEntries(Object.entries(fields).map(([field, value]) => [here(field), value])),
    unset: gone.map(here),
    arrayFilters: [{ 'this.id': id }],
  } satisfies Changes;
}

function isUnsentAmount({ kind, status }: Adjustment): boolean {
  return kind === 'amount' && UNSENT_ADJUSTMENT_STATUSES.includes(status);
}
