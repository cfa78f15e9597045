import type { QueryFilter } from 'mongoose';
import type { AdjustmentStatus } from '../domain/adjustment.js';
import type { Conversion } from '../domain/conversion.js';
import { FOLLOW_MS, type FollowOptions } from '../domain/next-step.js';
import type { Database } from '../mongo.js';
import { resume } from './begin-run.js';
import { markAdjustments } from './record-adjustment.js';
import type { Ledger } from './transition.js';

/** Starting so many takes seconds: a document that was read long ago may have moved. */
const BATCH = 100;

/**
 * Conversions whose workflow has to be started, or signalled because of an adjustment. Sales, leads and adjustments come in
 * turns, each oldest first, so that a burst of one kind does not hold the others up.
 * @param before younger ones are still in the hands of the API that recorded them
 */
export async function* findDue({ conversions }: Database, before: Date): AsyncGenerator<Conversion> {
  const oldestFirst = (filter: QueryFilter<Conversion>) =>
    conversions.find(filter).sort({ createdAt: 1 }).lean().cursor({ batchSize: BATCH });
  const pending = { status: 'pending', createdAt: { $lte: before } } as const;
  const cursors = [
    oldestFirst({ ...pending, 'payload.totalAmountCents': { $exists: true } }),
    oldestFirst({ ...pending, 'payload.totalAmountCents': { $exists: false } }),
    oldestFirst({
      status: { $ne: 'pending' },
      'adjustments.status': 'pending',
      adjustments: { $elemMatch: { status: 'pending', requestedAt: { $lte: before } } },
    }),
  ];
  try {
    for (let found: Conversion[] = []; ; ) {
      found = (await Promise.all(cursors.map((cursor) => cursor.next()))).filter((next) => next !== null);
      if (found.length === 0) return;
      yield* found;
    }
  } finally {
    await Promise.all(cursors.map((cursor) => cursor.close()));
  }
}

/** Its workflow was started and signalled: it is not due any more. */
export async function markHandedOver(ledger: Ledger, conversion: Conversion) {
  const { _id, status, adjustments = [] } = conversion;
  if (status === 'pending') await resume(ledger, conversion);
  const pending = adjustments.filter((adjustment) => adjustment.status === 'pending').map(({ id }) => id);
  if (pending.length === 0) return;
  // The workflow may have come further meanwhile, and have parked it.
  await markAdjustments(ledger, _id, pending, {
    from: ['pending'],
    to: status === 'reversed' ? 'confirmed' : 'reporting',
  });
}

/** `pending` is the relay's. */
const CARRIED_OUT: readonly AdjustmentStatus[] = ['reporting', 'parked'];

/**
 * The ids of all conversions that should have a running workflow.
 * @param before a younger step may be of a workflow that Temporal does not list yet
 */
export async function* findUnfinished(
  { conversions }: Database,
  before: Date,
  { confirmAfterMs }: FollowOptions,
): AsyncGenerator<string> {
  const find = (filter: QueryFilter<Conversion>) => conversions.find(filter, { _id: 1 });
  // In this order, MongoDB reads the index `unfinished` alone.
  const ownStep = (filter: QueryFilter<Conversion>) => find(filter).sort({ updatedAt: 1 });
  const updatedAt = { $lte: before };
  const queries = [
    ownStep({ status: 'reporting', updatedAt }),
    ownStep({ status: 'parked', updatedAt }),
    find({ 'adjustments.status': { $in: CARRIED_OUT }, updatedAt }),
  ];
  if (confirmAfterMs !== null) {
    const followed = { $gt: new Date(Date.now() - FOLLOW_MS), ...updatedAt };
    const followUntil = { $gt: new Date() };
    const isFollowed = { $elemMatch: { status: 'submitted' as const, followUntil } };
    queries.push(
      ownStep({ status: 'submitted', updatedAt: followed, 'submission.followUntil': followUntil }),
      find({ 'adjustments.status': 'submitted', adjustments: isFollowed, updatedAt: followed }),
    );
  }
  for (const query of queries)
    for await (const { _id } of query.lean().cursor({ batchSize: 1_000 })) yield _id;
}
