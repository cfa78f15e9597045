import { parkedAdjustment } from '../domain/adjustment.js';
import { type Conversion, UNSETTLED } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import {
  describeState,
  type OperationDeps,
  type OperationResult,
  signalConversion,
} from './signal-conversion.js';

/**
 * Abandons a conversion, so that it is never reported; of a conversion that was reported, its parked adjustment; of one
 * that Impact has queued, the asking. The workflow decides, as it alone knows what is on the wire: a conversion that
 * Impact takes meanwhile is submitted all the same.
 * @param note who abandons it, and why: the timeline keeps both
 * @throws DomainError `conversion_not_found`, `conversion_settled`, `temporal_unavailable`
 */
export function abandonConversion(
  deps: OperationDeps,
  id: string,
  note: { by: string; reason: string },
): Promise<OperationResult> {
  return signalConversion(deps, id, check, { name: 'abandon', note });
}

function check(conversion: Conversion): void {
  const { status, submission } = conversion;
  const followed = status === 'submitted' && submission?.followUntil !== undefined;
  if (UNSETTLED.includes(status) || followed || parkedAdjustment(conversion)) return;
  throw new DomainError(
    'conversion_settled',
    `${describeState(conversion)}: there is nothing left to abandon.`,
  );
}
