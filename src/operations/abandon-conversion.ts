import { parkedAdjustment } from '../domain/adjustment.js';
import { type Conversion, UNSETTLED } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import type { StepTaken } from '../domain/next-step.js';
import { noteText } from '../domain/workflow-names.js';
import { findConversion } from '../ledger/find-conversion.js';
import { recordStep } from '../ledger/record-step.js';
import type { Ledger } from '../ledger/transition.js';
import { isStartRefused } from '../temporal/service-error.js';
import {
  describeState,
  heldAdvice,
  type OperationDeps,
  type OperationResult,
  resultOf,
  signalConversion,
} from './signal-conversion.js';

/**
 * Abandons a conversion, so that it is never reported; of a conversion that was reported, its parked adjustment; of one
 * that Impact has queued, the asking. The workflow decides, as it alone knows what is on the wire: a conversion that
 * Impact takes meanwhile is submitted all the same.
 * @param note who abandons it, and why: the timeline keeps both
 * @throws DomainError `conversion_not_found`, `conversion_settled`, `temporal_unavailable`
 */
export async function abandonConversion(
  deps: OperationDeps & Ledger,
  id: string,
  note: AbandonNote,
): Promise<OperationResult> {
  try {
    return await signalConversion(deps, id, (conversion) => {
      check(conversion);
      return { name: 'abandon', note };
    });
  } catch (error) {
    if (!isStartRefused(error)) throw error;
    return abandonWithoutWorkflow(deps, id, note);
  }
}

export type AbandonNote = { by: string; reason: string };

/** Temporal refuses its workflow for good, so no workflow of it can have a request on the wire. */
async function abandonWithoutWorkflow(ledger: Ledger, id: string, note: AbandonNote) {
  const conversion = await findConversion(ledger.db, id);
  const isParked = conversion.status === 'parked';
  const step: StepTaken = isParked
    ? { kind: 'wait' }
    : { kind: 'report', adjustmentId: parkedAdjustment(conversion)?.id };
  const detail = noteText('Abandoned', note);
  return resultOf(await recordStep(ledger, id, step, { status: 'abandoned', detail }));
}

function check(conversion: Conversion): void {
  const { status, submission } = conversion;
  const followed = status === 'submitted' && submission?.followUntil !== undefined;
  if (UNSETTLED.includes(status) || followed || parkedAdjustment(conversion)) return;
  throw new DomainError(
    'conversion_settled',
    `${describeState(conversion)}. ${heldAdvice(conversion) ?? 'There is nothing left to abandon.'}`,
  );
}
