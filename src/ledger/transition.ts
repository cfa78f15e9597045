import type { ClientSession, QueryFilter, UpdateQuery } from 'mongoose';
import { type Conversion, campaignEventIdOf, type TimelineEntry } from '../domain/conversion.js';
import type { Metrics } from '../metrics.js';
import type { Database } from '../mongo.js';

/** The collection `conversions`, and the metrics that count its steps. */
export type Ledger = { db: Database; metrics?: Pick<Metrics, 'conversions' | 'adjustments' | 'amounts'> };

export type Expected = QueryFilter<Conversion>;

export type ExpectedOne = Expected & { _id: string };

/** The new status, and why, as the timeline keeps it. */
export type Entry = Omit<TimelineEntry, 'at'>;

/** Fields that change together with the status. */
export interface Changes {
  set?: Record<string, unknown>;
  unset?: readonly string[];
  push?: Record<string, unknown>;
  /** Which adjustments `set` and `unset` mean by `adjustments.$[…]`. */
  arrayFilters?: Record<string, unknown>[];
  /** Of the transaction that it belongs to. Such a step is not counted here, as the transaction may be undone. */
  session?: ClientSession;
}

/**
 * The only place that changes a conversion's status. One conditional write sets status, reason and a line of the
 * timeline, and counts the step. The condition (`expected`) decides between two writers of one document, so a step
 * that comes late, or twice, changes nothing.
 * @returns the document after the step, or null where it is not as expected
 */
export async function transition(ledger: Ledger, expected: ExpectedOne, entry: Entry, changes: Changes = {}) {
  const written = await write(ledger.db, expected, entry, withState(entry, changes));
  if (written && !changes.session) countConversion(ledger, written);
  return written;
}

/**
 * The same step of many conversions, by one command of MongoDB, which decides about each document by itself. It is not
 * counted here: what begins then is, conversion by conversion.
 * @returns how many have taken it
 */
export async function transitionMany(
  { db }: Ledger,
  ids: readonly string[],
  expected: Expected,
  entry: Entry,
): Promise<number> {
  const these = { $and: [expected, { _id: { $in: ids } }] };
  // Another index would have MongoDB read all that is as expected, for each of many such commands.
  const { modifiedCount } = await db.conversions.updateMany(these, updateOf(entry, withState(entry)), {
    hint: { _id: 1 },
  });
  return modifiedCount;
}

function withState({ status, reason }: Entry, changes: Changes = {}): Changes {
  const { set, unset = [] } = changes;
  if (reason === undefined) return { ...changes, set: { status, ...set }, unset: ['reason', ...unset] };
  return { ...changes, set: { status, reason, ...set } };
}

/** A line of the timeline for a conversion that keeps its status: a step of an adjustment, or a remark. */
export function remark({ db }: Ledger, expected: ExpectedOne, entry: Entry, changes: Changes = {}) {
  return write(db, { ...expected, status: entry.status }, entry, changes);
}

function write(db: Database, expected: Expected, entry: Entry, changes: Changes): Promise<Conversion | null> {
  const { arrayFilters, session } = changes;
  return db.conversions
    .findOneAndUpdate(expected, updateOf(entry, changes), {
      returnDocument: 'after',
      ...(arrayFilters ? { arrayFilters } : {}),
      ...(session ? { session } : {}),
    })
    .lean();
}

function updateOf(entry: Entry, { set = {}, unset = [], push = {} }: Changes): UpdateQuery<Conversion> {
  const at = new Date();
  return {
    $set: { updatedAt: at, ...set },
    ...(unset.length > 0 ? { $unset: Object.fromEntries(unset.map((field) => [field, 1])) } : {}),
    $push: { timeline: { at, ...entry }, ...push },
  };
}

/** Counts a step once the ledger has it: a step that a transaction undoes is never counted. */
export function countConversion({ metrics }: Ledger, { _id, status }: Conversion): void {
  metrics?.conversions.inc({ event: campaignEventIdOf(_id), outcome: status });
}
