import { type Conversion, type ConversionStatus, RESTARTED } from '../domain/conversion.js';
import type { Database } from '../mongo.js';
import { inBatches } from './in-batches.js';
import { idsOf } from './list-conversions.js';
import { type Ledger, transitionMany } from './transition.js';

/** Conversions that were decided against: they have no workflow any more. */
export interface EndedFilter {
  status: Extract<ConversionStatus, 'skipped' | 'abandoned' | 'declined'>;
  reason?: string | undefined;
  event?: string | undefined;
}

export interface EndedCount {
  status: ConversionStatus;
  reason?: string;
  count: number;
}

/** By reason, most frequent first. */
export function countEnded({ conversions }: Database, filter: EndedFilter): Promise<EndedCount[]> {
  return conversions.aggregate<EndedCount>([
    { $match: matching(filter) },
    { $group: { _id: '$reason', count: { $sum: 1 } } },
    { $sort: { count: -1, _id: 1 } },
    {
      $project: {
        _id: 0,
        status: { $literal: filter.status },
        reason: { $ifNull: ['$_id', '$$REMOVE'] },
        count: 1,
      },
    },
  ]);
}

/** One command each: it takes a fraction of a second, and a process that is killed between two leaves the others as they are. */
const BATCH = 1_000;

/**
 * Makes them pending again: the relay of a worker starts their workflows, whatever becomes of this process. One that a
 * refund, or another operator, has just moved is left alone.
 * @returns how many
 */
export async function restartEnded(ledger: Ledger, filter: EndedFilter, detail: string): Promise<number> {
  const expected = matching(filter);
  const found = ledger.db.conversions
    .find(expected, { _id: 1 })
    .lean<Pick<Conversion, '_id'>[]>()
    .cursor({ batchSize: BATCH });
  const entry = { status: 'pending', reason: RESTARTED, detail } as const;
  let restarted = 0;
  for await (const batch of inBatches<Pick<Conversion, '_id'>>(found, BATCH)) {
    const ids = batch.map(({ _id }) => _id);
    restarted += await transitionMany(ledger, ids, expected, entry);
  }
  return restarted;
}

function matching({ status, reason, event }: EndedFilter) {
  return {
    status,
    erasedAt: null,
    ...(reason === undefined ? {} : { reason }),
    ...(event === undefined ? {} : { _id: idsOf(event) }),
  };
}
