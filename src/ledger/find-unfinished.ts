import type { QueryFilter } from 'mongoose';
import type { AdjustmentStatus } from '../domain/adjustment.js';
import type { Conversion } from '../domain/conversion.js';
import { FOLLOW_MS, type FollowOptions } from '../domain/next-step.js';
import type { Database } from '../mongo.js';

/** `pending` is the relay's; a submitted adjustment has nothing left that could be lost. */
const CARRIED_OUT: readonly AdjustmentStatus[] = ['reporting', 'parked'];

/**
 * The ids of all conversions that should have a running workflow, by the index on status and last step.
 * @param before a younger step may be of a workflow that Temporal does not list yet
 */
export async function* findUnfinished(
  { conversions }: Database,
  before: Date,
  { confirmAfterMs }: FollowOptions,
): AsyncGenerator<string> {
  const filters: QueryFilter<Conversion>[] = [
    { status: { $in: ['reporting', 'parked'] }, updatedAt: { $lte: before } },
    { 'adjustments.status': { $in: CARRIED_OUT }, updatedAt: { $lte: before } },
  ];
  if (confirmAfterMs !== null) {
    const followed = { $gt: new Date(Date.now() - FOLLOW_MS), $lte: before };
    filters.push({ status: 'submitted', updatedAt: followed, 'submission.followUntil': { $gt: new Date() } });
  }
  for (const filter of filters)
    for await (const { _id } of conversions.find(filter, { _id: 1 }).lean().cursor({ batchSize: 1_000 }))
      yield _id;
}
