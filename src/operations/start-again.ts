import type { Adjustment } from '../domain/adjustment.js';
import { type Conversion, reversalWorkflowId } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { DEADLINE_MS } from '../temporal/ask-temporal.js';
import { startWorkflow } from '../temporal/wake-conversion.js';
import { nameOf, type Operated, operated } from './operated.js';
import type { OperationDeps } from './retry-conversion.js';

/**
 * Begins a conversion anew whose workflow has ended: the ledger first, in one write that fails where anybody else was
 * quicker. From then on it is pending like a new one, and where it cannot be started now the relay starts it.
 */
export async function startAgain(
  deps: OperationDeps,
  { _id: id, status, updatedAt }: Conversion,
  detail: string,
): Promise<Operated> {
  const now = new Date();
  const { modifiedCount } = await deps.db.conversions.updateOne(
    { _id: id, status, updatedAt },
    {
      $set: { status: 'pending', restartedAt: now, updatedAt: now },
      $unset: { reason: 1 },
      $push: { timeline: { at: now, status: 'pending', detail } },
    },
  );
  if (modifiedCount === 0) throw changedMeanwhile(id);
  await startWorkflow({ ...deps, deadlineMs: DEADLINE_MS }, id).catch(() => undefined);
  return operated(deps.db, id, 'started');
}

/** An adjustment waits in the ledger as a new one does, and is started as one. */
export async function queueAdjustmentAgain(
  { db }: OperationDeps,
  { _id: id }: Conversion,
  adjustment: Adjustment,
  by: string,
): Promise<Operated> {
  const now = new Date();
  const { modifiedCount } = await db.conversions.updateOne(
    { _id: id, adjustments: { $elemMatch: { id: adjustment.id, status: 'parked' } } },
    {
      $set: {
        'adjustments.$.status': 'pending',
        'adjustments.$.detail': `Retried by ${nameOf(by)}. Its workflow was gone, so that it is begun anew.`,
        updatedAt: now,
      },
      $unset: { 'adjustments.$.parkReason': 1 },
    },
  );
  if (modifiedCount === 0) throw changedMeanwhile(id);
  return operated(db, id, 'recorded', reversalWorkflowId(id));
}

/** Somebody else, or its own workflow, is just moving it. */
export function changedMeanwhile(id: string): DomainError {
  return new DomainError(
    'concurrent_update',
    `Conversion "${id}" is moving at this moment. Look where it stands, and ask again if it still must be moved.`,
  );
}
