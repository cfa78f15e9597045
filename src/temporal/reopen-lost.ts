import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { QueryFilter } from 'mongoose';
import type { Failure } from '../../workflows/failure.js';
import { type AdjustmentStatus, firstOf, isOpen } from '../domain/adjustment.js';
import { type Conversion, reversalWorkflowId, workflowId } from '../domain/conversion.js';
import { forEachConversion } from './for-each-conversion.js';
import { type ReopenDeps, reopenConversion, reopenReversal } from './reopen.js';

export interface ReopenLostOptions {
  /** Between one batch that is as it should be and the next. */
  intervalMs: number;
  /** Younger steps are left alone: a replica of Temporal that has just taken over may learn of them yet. */
  minimumAgeMs: number;
  signal: AbortSignal;
}

const BATCH = 100;
const FOUR_DAYS_MS = 4 * 86_400_000;

/** `pending` is the relay's, and of what is `submitted` there is nothing to do but ask. */
const CARRIED_OUT: readonly AdjustmentStatus[] = ['reporting', 'parked'];

interface Batch {
  conversions: Conversion[];
  /** @returns whether its workflow was lost */
  reopenIfLost(deps: ReopenDeps, conversion: Conversion): Promise<boolean>;
}

/**
 * Nothing lost, also where Temporal has lost it: its data was restored or made anew, or somebody deleted a workflow.
 * What the ledger has unfinished is looked up at Temporal, slowly as long as all of it is there, and begun again where
 * it is not. What may send something parks first, as only a human can say whether it was meant to be deleted.
 */
export async function reopenLostWorkflows(deps: ReopenDeps, options: ReopenLostOptions): Promise<void> {
  const pause = () => delay(options.intervalMs, undefined, { signal: options.signal }).catch(() => undefined);
  while (!options.signal.aborted) {
    try {
      for await (const batch of unfinished(deps, options.minimumAgeMs)) {
        if (!(await reopenLost(deps, batch))) await pause();
        if (options.signal.aborted) return;
      }
    } catch (error) {
      warn(deps, { err: error });
    }
    await pause();
  }
}

async function* unfinished({ db, confirms }: ReopenDeps, minimumAgeMs: number): AsyncGenerator<Batch> {
  // Older ones are asked for by nobody any more. `updatedAt` is there for the index.
  const recent = { $gt: new Date(Date.now() - FOUR_DAYS_MS) };
  const followed = { 'submission.sentAt': recent, updatedAt: recent };
  const unfinished: QueryFilter<Conversion>[] = [
    { status: 'reporting' },
    { status: 'parked' },
    ...(confirms ? [{ status: 'submitted', ...followed } as const] : []),
  ];
  for (const filter of unfinished)
    for await (const conversions of batches(filter))
      yield { conversions, reopenIfLost: reopenConversionIfLost };
  const changed = {
    'adjustments.status': { $in: CARRIED_OUT },
    status: { $nin: ['pending', 'reporting', 'parked', 'reversed'] as const },
  };
  for await (const conversions of batches(changed)) yield { conversions, reopenIfLost: reopenReversalIfLost };

  async function* batches(filter: QueryFilter<Conversion>): AsyncGenerator<Conversion[]> {
    let last: Conversion | undefined;
    do {
      const after: QueryFilter<Conversion> = last
        ? {
            createdAt: { $gte: last.createdAt },
            $or: [{ createdAt: { $gt: last.createdAt } }, { _id: { $gt: last._id } }],
          }
        : {};
      const oldEnough = { updatedAt: { $lte: new Date(Date.now() - minimumAgeMs) } };
      const found: Conversion[] = await db.conversions
        .find({ $and: [filter, oldEnough, after] })
        .sort({ createdAt: 1, _id: 1 })
        .limit(BATCH)
        .lean();
      if (found.length > 0) yield found;
      last = found.length === BATCH ? found.at(-1) : undefined;
    } while (last);
  }
}

/** @returns whether there is reason to hurry: some were lost, and all that were could be begun again */
async function reopenLost(deps: ReopenDeps, { conversions, reopenIfLost }: Batch): Promise<boolean> {
  let lost = 0;
  const [failure, ...others] = await forEachConversion(conversions, async (conversion) => {
    if (await reopenIfLost(deps, conversion)) lost += 1;
  });
  if (failure) warn(deps, { ...failure, failed: 1 + others.length });
  return lost > 0 && failure === undefined;
}

async function reopenConversionIfLost(deps: ReopenDeps, conversion: Conversion): Promise<boolean> {
  if ((await stateOf(deps, workflowId(conversion._id))) !== 'lost') return false;
  await reopenConversion(
    deps,
    conversion,
    conversion.status === 'submitted' ? undefined : parkAs(conversion),
  );
  return true;
}

/** An adjustment is carried out by the conversion's own workflow as long as that runs, and then by one of its own. */
async function reopenReversalIfLost(deps: ReopenDeps, conversion: Conversion): Promise<boolean> {
  if ((await stateOf(deps, workflowId(conversion._id))) === 'running') return false;
  if ((await stateOf(deps, reversalWorkflowId(conversion._id))) !== 'lost') return false;
  await reopenReversal(deps, conversion, parkAdjustmentAs(conversion));
  return true;
}

async function stateOf(
  { temporal, deadlineMs }: ReopenDeps,
  id: string,
): Promise<'running' | 'ended' | 'lost'> {
  try {
    const { status } = await temporal.withDeadline(Date.now() + deadlineMs, () =>
      temporal.workflow.getHandle(id).describe(),
    );
    return status.name === 'RUNNING' ? 'running' : 'ended';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'lost';
    throw error;
  }
}

const LOST: Failure = {
  reason: 'workflow_lost',
  message: 'Temporal does not have its workflow any more. It was not done.',
};

/** What was parked stays parked for what it was parked for. */
function parkAs({ status, reason, timeline }: Conversion): Failure {
  if (status !== 'parked' || reason === undefined) return LOST;
  const message = timeline.findLast((entry) => entry.status === 'parked')?.detail;
  return { reason, message: message ?? LOST.message };
}

/** Only what it begins with was parked. */
function parkAdjustmentAs({ adjustments = [] }: Conversion): Failure {
  const first = firstOf(adjustments.filter(isOpen));
  if (first?.status !== 'parked' || first.parkReason === undefined) return LOST;
  return { reason: first.parkReason, message: first.detail ?? LOST.message };
}

function warn({ logger }: ReopenDeps, fields: object): void {
  logger.warn(
    { ...fields, code: 'reopen_failed' },
    'lost workflows could not be looked for; it is tried again',
  );
}
