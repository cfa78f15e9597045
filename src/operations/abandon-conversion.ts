import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { ConversionWorkflow } from '../../workflows/index.js';
import type { OperatorNote } from '../../workflows/operators.js';
import { type Conversion, reversalWorkflowId, workflowId } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { SIGNALS, WORKFLOW_TYPE } from '../domain/workflow-names.js';
import { findConversion } from '../ledger/find-conversion.js';
import { parkedAdjustment } from '../ledger/list-conversions.js';
import { askTemporal } from '../temporal/ask-temporal.js';
import { markStarted, startOptions } from '../temporal/wake-conversion.js';
import { nameOf, type Operated, operated, stateOf } from './operated.js';
import type { OperationDeps } from './retry-conversion.js';
import { signalWorkflow } from './signal-workflow.js';
import { changedMeanwhile } from './start-again.js';

/** Who gives it up, and why: both are written into the timeline. */
export interface Abandonment {
  by: string;
  reason: string;
}

/**
 * Gives a conversion up, so that it is never reported; of a conversion that was, its parked adjustment. The workflow
 * decides, as it alone knows what is on the wire: what Impact takes meanwhile is submitted all the same.
 * @throws DomainError `conversion_not_found`, `conversion_settled`, `temporal_unavailable`
 */
export async function abandonConversion(
  deps: OperationDeps,
  id: string,
  note: Abandonment,
): Promise<Operated> {
  const conversion = await findConversion(deps.db, id);
  const { status } = conversion;
  if (status === 'pending') return abandonPending(deps, conversion, note);
  if (status === 'parked' || status === 'reporting') return abandonUnreported(deps, conversion, note);
  if (parkedAdjustment(conversion)) return abandonAdjustment(deps, conversion, note);
  if (status === 'submitted') return endAsking(deps, conversion, note);
  throw settled(conversion);
}

async function abandonAdjustment(
  deps: OperationDeps,
  conversion: Conversion,
  note: Abandonment,
): Promise<Operated> {
  const workflow = reversalWorkflowId(conversion._id);
  const told = await signalWorkflow(deps.temporal, workflow, SIGNALS.abandon, note);
  if (told === 'gone') throw settled(conversion);
  return operated(deps.db, conversion._id, 'signalled', workflow);
}

/** What Impact has queued stays so; the ledger says who decided that nobody asks any more what becomes of it. */
async function endAsking(deps: OperationDeps, conversion: Conversion, note: Abandonment): Promise<Operated> {
  const { _id: id, status } = conversion;
  const told = await signalWorkflow(deps.temporal, workflowId(id), SIGNALS.abandon, note);
  if (told === 'gone') throw settled(conversion);
  const at = new Date();
  const detail = `Not followed any further. Abandoned by ${nameOf(note.by)}: ${note.reason}.`;
  await deps.db.conversions.updateOne(
    { _id: id, status },
    { $set: { updatedAt: at }, $push: { timeline: { at, status, detail } } },
  );
  return operated(deps.db, id, 'signalled');
}

/** A start may be under way: so the workflow is started, if it is not, and finds the signal before anything else. */
async function abandonPending(
  deps: OperationDeps,
  conversion: Conversion,
  note: Abandonment,
): Promise<Operated> {
  const { workflowIdConflictPolicy: _running, ...options } = startOptions(conversion);
  try {
    await askTemporal(deps.temporal, () =>
      deps.temporal.workflow.signalWithStart<typeof ConversionWorkflow, [OperatorNote]>(WORKFLOW_TYPE, {
        ...options,
        signal: SIGNALS.abandon,
        signalArgs: [note],
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw changedMeanwhile(conversion._id);
  }
  await markStarted(deps.db, conversion);
  return operated(deps.db, conversion._id, 'signalled');
}

/** Where its workflow was terminated nobody reports it any more, and the ledger says what was decided. */
async function abandonUnreported(
  deps: OperationDeps,
  conversion: Conversion,
  note: Abandonment,
): Promise<Operated> {
  const { _id: id, status, updatedAt, submission } = conversion;
  const told = await signalWorkflow(deps.temporal, workflowId(id), SIGNALS.abandon, note);
  if (told === 'signalled') return operated(deps.db, id, 'signalled');
  const caveat = submission?.state === 'sending' ? ' An attempt may have arrived at Impact.' : '';
  const detail = `Abandoned by ${nameOf(note.by)}: ${note.reason}. Its workflow was gone.${caveat}`;
  const now = new Date();
  const { modifiedCount } = await deps.db.conversions.updateOne(
    { _id: id, status, updatedAt },
    {
      $set: { status: 'abandoned', updatedAt: now },
      $unset: { reason: 1 },
      $push: { timeline: { at: now, status: 'abandoned', detail } },
    },
  );
  if (modifiedCount === 0) throw changedMeanwhile(id);
  return operated(deps.db, id, 'recorded');
}

function settled(conversion: Conversion): DomainError {
  return new DomainError(
    'conversion_settled',
    `Conversion "${conversion._id}" is ${stateOf(conversion)}: there is nothing left to abandon.`,
  );
}
