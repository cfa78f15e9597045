import type { Client } from '@temporalio/client';
import { parkedAdjustment } from '../domain/adjustment.js';
import type { Conversion, ConversionStatus } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { findConversion } from '../ledger/find-conversion.js';
import type { Database } from '../mongo.js';
import { askTemporal, DEADLINE_MS } from '../temporal/ask-temporal.js';
import { wakeConversion } from '../temporal/wake-conversion.js';
import { type OperationResult, operationResult, stateOf } from './operation-result.js';

export interface OperationDeps {
  db: Database;
  temporal: Client;
}

/** A human decided against these, or Impact did; they can be reported after all, on purpose. */
const RESTARTABLE: readonly ConversionStatus[] = ['abandoned', 'declined', 'skipped'];

/**
 * Moves on a conversion, or its adjustment, that waits for a human: its workflow tries again. Where no workflow of it
 * runs, because somebody terminated it or its history was deleted, the signal starts one. `restart` reports a conversion
 * that was abandoned, declined or skipped after all. The order id and the ledger stay the same, and keep it from being
 * reported twice.
 * @throws DomainError `conversion_not_found`, `conversion_not_parked`, `conversion_abandoned`, `conversion_declined`,
 *   `conversion_reversed`, `temporal_unavailable`
 */
export async function retryConversion(
  { db, temporal }: OperationDeps,
  id: string,
  { by, restart = false }: { by: string; restart?: boolean | undefined },
): Promise<OperationResult> {
  const conversion = await findConversion(db, id);
  check(conversion, restart);
  const signal = { name: 'retry', note: { by, ...(restart ? { restart } : {}) } } as const;
  await askTemporal(temporal, () =>
    wakeConversion({ temporal, deadlineMs: DEADLINE_MS }, conversion, signal),
  );
  return operationResult(db, id);
}

function check(conversion: Conversion, restart: boolean): void {
  const { status } = conversion;
  if (status === 'reversed') throw refusal('conversion_reversed', conversion);
  if (status === 'parked' || parkedAdjustment(conversion)) return;
  if (restart && RESTARTABLE.includes(status)) return;
  if (status === 'abandoned') throw refusal('conversion_abandoned', conversion);
  if (status === 'declined') throw refusal('conversion_declined', conversion);
  throw refusal('conversion_not_parked', conversion);
}

const ADVICE = {
  conversion_not_parked: 'Only a parked conversion can be retried; there is nothing to do here.',
  conversion_abandoned: 'To report it all the same, retry it with "restart": true.',
  conversion_declined:
    'Impact will not credit it, and would decline it again. To send it all the same, retry it with "restart": true.',
  conversion_reversed: 'It was taken back, and is never reported again.',
};

function refusal(code: keyof typeof ADVICE, conversion: Conversion): DomainError {
  return new DomainError(code, `Conversion "${conversion._id}" is ${stateOf(conversion)}. ${ADVICE[code]}`);
}
