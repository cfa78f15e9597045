import type { Conversion } from '../domain/conversion.js';
import type { StepTaken } from '../domain/next-step.js';
import type { Failure } from '../domain/workflow-names.js';
import { markHandedOver } from './find-due.js';
import { recordAdjustment } from './record-adjustment.js';
import { type Ledger, transition } from './transition.js';

/**
 * Parks a conversion, or its adjustment, whose workflow is gone before it had done this step.
 * @returns whether it is parked: a conversion that has just moved is left alone
 */
export async function parkUnattended(
  ledger: Ledger,
  { _id, status, updatedAt, submission }: Conversion,
  { adjustmentId }: StepTaken,
  { reason, message: detail }: Failure,
): Promise<boolean> {
  if (adjustmentId !== undefined) {
    await recordAdjustment(ledger, _id, adjustmentId, { status: 'parked', reason, detail });
    return true;
  }
  // An attempt since then means that a workflow runs after all.
  const expected = { _id, status, updatedAt, 'submission.attempts': submission?.attempts ?? null };
  return (await transition(ledger, expected, { status: 'parked', reason, detail })) !== null;
}

/**
 * Parks a conversion, or its adjustments, whose workflow Temporal refuses to start or to signal.
 * @returns whether anything was parked
 */
export async function parkRefused(
  ledger: Ledger,
  conversion: Conversion,
  { reason, message: detail }: Failure,
): Promise<boolean> {
  const { _id, status, adjustments = [] } = conversion;
  const parking = { status: 'parked', reason, detail } as const;
  if (status === 'pending') return (await transition(ledger, { _id, status }, parking)) !== null;
  if (status === 'reversed') {
    // It is done: there is no workflow that would have to learn of it.
    await markHandedOver(ledger, conversion);
    return false;
  }
  const pending = adjustments.filter((adjustment) => adjustment.status === 'pending');
  for (const { id } of pending) await recordAdjustment(ledger, _id, id, parking);
  return pending.length > 0;
}
