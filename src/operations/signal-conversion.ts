import type { Client } from '@temporalio/client';
import { type Conversion, type ConversionStatus, isHeld, workflowId } from '../domain/conversion.js';
import { findConversion } from '../ledger/find-conversion.js';
import type { Database } from '../mongo.js';
import { askTemporal, DEADLINE_MS } from '../temporal/ask-temporal.js';
import { type WakeSignal, wakeConversion } from '../temporal/wake-conversion.js';

export interface OperationDeps {
  db: Database;
  temporal: Client;
}

/** Where the conversion stood when its workflow had been signalled: the workflow acts a moment later. */
export interface OperationResult {
  conversionId: string;
  workflowId: string;
  status: ConversionStatus;
  reason?: string | undefined;
}

/**
 * Signals the conversion's workflow, unless `signalFor` refuses with an error. Without a running workflow, the signal starts one.
 * @throws DomainError `conversion_not_found`, `start_refused`, `temporal_unavailable`
 */
export async function signalConversion(
  { db, temporal }: OperationDeps,
  id: string,
  signalFor: (conversion: Conversion) => WakeSignal,
): Promise<OperationResult> {
  const conversion = await findConversion(db, id);
  const signal = signalFor(conversion);
  await askTemporal(temporal, () =>
    wakeConversion({ temporal, deadlineMs: DEADLINE_MS }, conversion, signal),
  );
  return resultOf(await findConversion(db, id));
}

export function resultOf({ _id, status, reason }: Conversion): OperationResult {
  return { conversionId: _id, workflowId: workflowId(_id), status, reason };
}

/** `Conversion "signup:1" is parked (impact_refused).` */
export function describeState({ _id, status, reason }: Conversion): string {
  return `Conversion "${_id}" is ${reason === undefined ? status : `${status} (${reason})`}`;
}

const HELD: Readonly<Record<string, string>> = {
  user_not_found:
    'It waits for its user: the worker reports it once the user appears. To keep it from being reported, reverse it.',
  order_not_found: 'It waits for its order: publish the order, and both meet.',
};

/** Why an operator can neither retry nor abandon a held conversion, which no workflow has yet. */
export function heldAdvice(conversion: Pick<Conversion, 'status' | 'reason'>): string | undefined {
  return isHeld(conversion) ? HELD[conversion.reason ?? ''] : undefined;
}
