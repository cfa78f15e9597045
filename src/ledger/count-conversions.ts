import { CONVERSION_STATUSES, type ConversionStatus } from '../domain/conversion.js';
import type { Database } from '../mongo.js';
import { BY_REASON, BY_STATUS } from './conversion.model.js';

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
    group.count += count;
    // What a clock ahead of this one has recorded is today's.
    const ofDay = day === undefined ? undefined : Math.min(day, days - 1);
    group.perDay = group.perDay.map((sum, index) => (index === ofDay ? sum + count : sum));
  }
  return {
    days: Array.from({ length: days }, (_, index) => dayOf(first.getTime() + index * DAY_MS)),
    groups: [...groups.values()].filter((group) => group.count > 0).map(withoutNegatives),
  };
}

interface Counted {
  status: ConversionStatus;
  reason?: string;
  /** How many days after the first one; without it, before that one. */
  day?: number;
  count: number;
}

/** The index of reasons has no conversion without a reason, so those are what is left of their status. */
async function count({ conversions }: Database, first: Date): Promise<Counted[]> {
  const day = { $floor: { $divide: [{ $subtract: ['$createdAt', first] }, DAY_MS] } };
  // By these indexes MongoDB reads keys alone. By that of the times, it would read each document.
  const countBy = (index: typeof BY_STATUS | typeof BY_REASON, match: object, key: object) =>
    conversions
      .aggregate<Counted>([
        { $match: match },
        { $group: { _id: key, count: { $sum: 1 } } },
        { $replaceWith: { $mergeObjects: ['$_id', { count: '$count' }] } },
      ])
      .hint(index);
  const older = { createdAt: { $lt: first } };
  const recent = { createdAt: { $gte: first } };
  const any = { status: { $in: CONVERSION_STATUSES } };
  const withReason = { reason: { $gt: '' } };
  const byStatus = { status: '$status' };
  const byReason = { ...byStatus, reason: '$reason' };
  const [all, ofReasons] = await Promise.all([
    Promise.all([
      countBy(BY_STATUS, { ...any, ...older }, byStatus),
      countBy(BY_STATUS, { ...any, ...recent }, { ...byStatus, day }),
    ]),
    Promise.all([
      countBy(BY_REASON, { ...withReason, ...older }, byReason),
      countBy(BY_REASON, { ...withReason, ...recent }, { ...byReason, day }),
    ]),
  ]);
  const inReasons = ofReasons.flat();
  const notWithout = inReasons.map(({ reason: _reason, count, ...group }) => ({ ...group, count: -count }));
  return [...all.flat(), ...inReasons, ...notWithout];
}

/** A conversion that moved between two of the commands. */
function withoutNegatives(group: ConversionCount): ConversionCount {
  return { ...group, perDay: group.perDay.map((count) => Math.max(0, count)) };
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
