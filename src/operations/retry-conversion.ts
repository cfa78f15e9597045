import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Adjustment } from '../domain/adjustment.js';
import { type Conversion, reversalWorkflowId, workflowId } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { SIGNALS } from '../domain/workflow-names.js';
import { findConversion } from '../ledger/find-conversion.js';
import { parkedAdjustment } from '../ledger/list-conversions.js';
import type { Database } from '../mongo.js';
import { askTemporal } from '../temporal/ask-temporal.js';
import { nameOf, type Operated, operated, stateOf } from './operated.js';
import { signalWorkflow } from './signal-workflow.js';
import { changedMeanwhile, queueAdjustmentAgain, startAgain } from './start-again.js';

export interface OperationDeps {
  db: Database;
  temporal: Client;
}

/**
 * Moves on what waits for a human: its workflow is told to try again. One that is gone, because somebody terminated
 * it or its history was deleted, is begun anew. `restart` begins what was abandoned anew, on purpose. Whatever is
 * begun anew has the same order id and the same ledger, which keep it from being reported twice.
 * @throws DomainError `conversion_not_found`, `conversion_not_parked`, `conversion_abandoned`, `conversion_reversed`,
 *   `temporal_unavailable`
 */
export async function retryConversion(
  deps: OperationDeps,
  id: string,
  { by, restart = false }: { by: string; restart?: boolean | undefined },
): Promise<Operated> {
  const conversion = await findConversion(deps.db, id);
  if (conversion.status === 'reversed') throw refusal('conversion_reversed', conversion);
  if (conversion.status === 'parked') return retryParked(deps, conversion, by);
  const adjustment = parkedAdjustment(conversion);
  if (adjustment) return retryAdjustment(deps, conversion, adjustment, by);
  if (conversion.status !== 'abandoned') throw refusal('conversion_not_parked', conversion);
  if (!restart) throw refusal('conversion_abandoned', conversion);
  return restartAbandoned(deps, conversion, by);
}

async function retryParked(deps: OperationDeps, conversion: Conversion, by: string): Promise<Operated> {
  const { _id: id } = conversion;
  const told = await signalWorkflow(deps.temporal, workflowId(id), SIGNALS.retry, { by });
  if (told === 'signalled') return operated(deps.db, id, 'signalled');
  return startAgain(
    deps,
    conversion,
    `Retried by ${nameOf(by)}. Its workflow was gone, so that it is begun anew.`,
  );
}

async function retryAdjustment(
  deps: OperationDeps,
  conversion: Conversion,
  adjustment: Adjustment,
  by: string,
): Promise<Operated> {
  const { _id: id } = conversion;
  const workflow = reversalWorkflowId(id);
  const told = await signalWorkflow(deps.temporal, workflow, SIGNALS.retry, { by });
  if (told === 'signalled') return operated(deps.db, id, 'signalled', workflow);
  return queueAdjustmentAgain(deps, conversion, adjustment, by);
}

/** Its workflow has written the decision, and ends a moment later: a new run must not be taken for that one. */
async function restartAbandoned(deps: OperationDeps, conversion: Conversion, by: string): Promise<Operated> {
  const handle = deps.temporal.workflow.getHandle(workflowId(conversion._id));
  const running = await askTemporal(deps.temporal, async () => {
    try {
      return (await handle.describe()).status.name === 'RUNNING';
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  });
  if (running) throw changedMeanwhile(conversion._id);
  return startAgain(deps, conversion, `Begun anew by ${nameOf(by)}, after it was abandoned.`);
}

function refusal(
  code: 'conversion_not_parked' | 'conversion_abandoned' | 'conversion_reversed',
  conversion: Conversion,
): DomainError {
  const advice = {
    conversion_not_parked: 'Only what is parked can be retried; there is nothing to do here.',
    conversion_abandoned: 'To report it all the same, retry it with "restart": true.',
    conversion_reversed: 'It was reported and taken back, and is never reported again.',
  };
  return new DomainError(code, `Conversion "${conversion._id}" is ${stateOf(conversion)}. ${advice[code]}`);
}
