import { parkedAdjustment } from '../domain/adjustment.js';
import type { Conversion, ConversionStatus } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { findConversion } from '../ledger/find-conversion.js';
import { askTemporal, DEADLINE_MS } from '../temporal/ask-temporal.js';
import { wakeConversion } from '../temporal/wake-conversion.js';
import { type OperationResult, operationResult, stateOf } from './operation-result.js';
import type { OperationDeps } from './retry-conversion.js';

/** Who abandons it, and why: the timeline keeps both. */
export interface Abandonment {
  by: string;
  reason: string;
}

const UNREPORTED: readonly ConversionStatus[] = ['pending', 'reporting', 'parked'];

/**
 * Abandons a conversion, so that it is never reported; of a conversion that was reported, its parked adjustment; of one
 * that Impact has queued, the asking. The workflow decides, as it alone knows what is on the wire: a conversion that
 * Impact takes meanwhile is submitted all the same.
 * @throws DomainError `conversion_not_found`, `conversion_settled`, `temporal_unavailable`
 */
export async function abandonConversion(
  { db, temporal }: OperationDeps,
  id: string,
  note: Abandonment,
): Promise<OperationResult> {
  const conversion = await findConversion(db, id);
  if (!canBeAbandoned(conversion)) {
    throw new DomainError(
      'conversion_settled',
      `Conversion "${id}" is ${stateOf(conversion)}: there is nothing left to abandon.`,
    );
  }
  await askTemporal(temporal, () =>
    wakeConversion({ temporal, deadlineMs: DEADLINE_MS }, conversion, { name: 'abandon', note }),
  );
  return operationResult(db, id);
}

function canBeAbandoned(conversion: Conversion): boolean {
  const { status, submission } = conversion;
  const followed = status === 'submitted' && submission?.followUntil !== undefined;
  return UNREPORTED.includes(status) || followed || parkedAdjustment(conversion) !== undefined;
}
