import { parkedAdjustment } from '../domain/adjustment.js';
import { type Conversion, DECIDED_AGAINST, isFixableSkip } from '../domain/conversion.js';
import { erasedText, staysEnded } from '../domain/erasure.js';
import { DomainError } from '../domain/errors.js';
import {
  describeState,
  heldAdvice,
  type OperationDeps,
  type OperationResult,
  signalConversion,
} from './signal-conversion.js';

/**
 * Moves on a conversion, or its adjustment, that waits for a human: its workflow tries again. Where no workflow of it
 * runs, because somebody terminated it or its history was deleted, the signal starts one. `restart` reports a conversion
 * that was abandoned, declined or skipped after all; one that was skipped for a cause that somebody can fix needs none. The
 * order id and the ledger stay the same, and keep it from being reported twice.
 * @throws DomainError `conversion_not_found`, `conversion_not_parked`, `conversion_abandoned`, `conversion_declined`,
 *   `conversion_reversed`, `user_erased`, `start_refused` (it stays parked), `temporal_unavailable`
 */
export function retryConversion(
  deps: OperationDeps,
  id: string,
  { by, restart = false }: { by: string; restart?: boolean | undefined },
): Promise<OperationResult> {
  return signalConversion(deps, id, (conversion) => {
    const restarts = restart || isFixableSkip(conversion);
    check(conversion, restarts);
    return { name: 'retry', note: { by, ...(restarts ? { restart: true } : {}) } };
  });
}

function check(conversion: Conversion, restart: boolean): void {
  const { status } = conversion;
  if (staysEnded(conversion)) throw neverReported(conversion);
  const held = heldAdvice(conversion);
  const waits = status === 'parked' || parkedAdjustment(conversion) !== undefined;
  const restartable = restart && DECIDED_AGAINST.includes(status) && !held;
  if (status !== 'reversed' && (waits || restartable)) return;
  const settled = status === 'abandoned' || status === 'declined' || status === 'reversed';
  const code = settled ? (`conversion_${status}` as const) : 'conversion_not_parked';
  throw new DomainError(code, `${describeState(conversion)}. ${held ?? ADVICE[code]}`);
}

function neverReported({ _id, status, erasedAt = new Date() }: Conversion): DomainError {
  const words = `Conversion "${_id}" is ${status}, and stays so. ${erasedText(erasedAt)} Without its click it is never reported.`;
  return new DomainError('user_erased', words);
}

const ADVICE = {
  conversion_not_parked: 'Only a parked conversion can be retried; there is nothing to do here.',
  conversion_abandoned: 'To report it all the same, retry it with "restart": true.',
  conversion_declined:
    'Impact will not credit it, and would decline it again. To send it all the same, retry it with "restart": true.',
  conversion_reversed: 'It was taken back, and is never reported again.',
};
