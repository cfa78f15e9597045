import { CONVERSION_STATUSES, type ConversionStatus } from '../domain/conversion.js';
import type { Database } from '../mongo.js';

const DAY_MS = 86_400_000;

export interface ConversionCount {
  status: ConversionStatus;
  reason?: string;
  /** Of all times. */
  count: number;
  /** Of those recorded on each of the days. */
  perDay: number[];
}

export interface ConversionCounts {
  /** UTC days, oldest first; the last one is today. */
  days: string[];
  groups: ConversionCount[];
}

/** Counts conversions by status and reason: all of them, and those that were recorded on each of the last days. */
export async function countConversions(
  db: Database,
  days: number,
  now = new Date(),
): Promise<ConversionCounts> {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const first = new Date(today - (days - 1) * DAY_MS);
  const counted = await count(db, first);
  const groups = new Map<string, ConversionCount>();
  for (const { status, reason, day, count } of counted) {
    const key = `${status} ${reason ?? ''}`;
    const empty = { count: 0, perDay: Array<number>(days).fill(0) };
    const group = groups.get(key) ?? { status, ...(reason === undefined ? {} : { reason }), ...empty };
    groups.set(key, group);
    if (day === undefined) group.count += count;
    // What a clock ahead of this one has recorded is today's.
    else
      group.perDay = group.perDay.map((sum, index) => sum + (index === Math.min(day, days - 1) ? count : 0));
  }
  return {
    days: Array.from({ length: days }, (_, index) => dayOf(first.getTime() + index * DAY_MS)),
    groups: [...groups.values()].filter((group) => group.count > 0).map(withoutNegatives),
  };
}

interface Counted {
  status: ConversionStatus;
  reason?: string;
  /** How many days after the first one; without it, the count is of all times. */
  day?: number;
  count: number;
}

/** The index of reasons has no conversion without a reason, so those are what is left of their status. */
async function count({ conversions }: Database, first: Date): Promise<Counted[]> {
  const day = { $floor: { $divide: [{ $subtract: ['$createdAt', first] }, DAY_MS] } };
  const recent = { createdAt: { $gte: first } };
  const countBy = (match: object, key: object) =>
    conversions.aggregate<Counted>([
      { $match: match },
      { $group: { _id: key, count: { $sum: 1 } } },
      { $replaceWith: { $mergeObjects: ['$_id', { count: '$count' }] } },
    ]);
  // In these words, MongoDB reads the keys of an index alone.
  const any = { status: { $in: CONVERSION_STATUSES } };
  const withReason = { reason: { $gt: '' } };
  const byStatus = { status: '$status' };
  const byReason = { ...byStatus, reason: '$reason' };
  const [all, recentOnes, ofReasons] = await Promise.all([
    countBy(any, byStatus),
    countBy({ ...any, ...recent }, { ...byStatus, day }),
    Promise.all([countBy(withReason, byReason), countBy({ ...withReason, ...recent }, { ...byReason, day })]),
  ]);
  const inReasons = ofReasons.flat();
  const notWithout = inReasons.map(({ reason: _reason, count, ...group }) => ({ ...group, count: -count }));
  return [...all, ...recentOnes, ...inReasons, ...notWithout];
}

/** A conversion that moved between two of the commands. */
function withoutNegatives(group: ConversionCount): ConversionCount {
  return { ...group, perDay: group.perDay.map((count) => Math.max(0, count)) };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
