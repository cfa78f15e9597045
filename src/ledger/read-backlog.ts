import type { ConversionStatus } from '../domain/conversion.js';
import type { Database } from '../mongo.js';

interface ParkedGroup {
  kind: string;
  reason: string;
  count: number;
}

const UNSETTLED = ['pending', 'reporting', 'parked'] as const satisfies ConversionStatus[];

/** An alert needs no higher count. */
const COUNT_LIMIT = 10_000;

/** Reasons are Impact's words too: whatever it says, there is only so much to show. */
const MAX_REASONS = 50;

/** What has not come to its end. Each query is answered by an index, however long the ledger grows. */
export async function readBacklog(db: Database) {
  const now = Date.now();
  const [unsettled, parkedConversions, adjustments] = await Promise.all([
    Promise.all(UNSETTLED.map((status) => readStatus(db, status, now))),
    countParkedConversions(db),
    readAdjustments(db),
  ]);
  const parkedAdjustments = adjustments.filter(({ status }) => status === 'parked');
  return {
    parked: [...limitReasons(parkedConversions), ...limitReasons(parkedAdjustments)],
    unsettled,
    adjustments: longestWaiting(adjustments, now),
  };
}

async function readStatus({ conversions }: Database, status: ConversionStatus, now: number) {
  const [count, event, step] = await Promise.all([
    conversions.countDocuments({ status }, { limit: COUNT_LIMIT }),
    conversions.findOne({ status }, { occurredAt: 1 }).sort({ occurredAt: 1 }).lean(),
    // Every step sets it: since then it has been where it is.
    conversions.findOne({ status }, { updatedAt: 1 }).sort({ updatedAt: 1 }).lean(),
  ]);
  const ageSeconds = secondsSince(event?.occurredAt, now);
  return { status, count, ageSeconds, waitingSeconds: secondsSince(step?.updatedAt, now) };
}

function countParkedConversions({ conversions }: Database) {
  return conversions.aggregate<ParkedGroup>([
    { $match: { status: 'parked' } },
    { $group: { _id: '$reason', count: { $sum: 1 } } },
    { $project: { _id: 0, kind: 'conversion', reason: { $ifNull: ['$_id', 'unknown'] }, count: 1 } },
  ]);
}

interface AdjustmentGroup extends ParkedGroup {
  status: string;
  since?: Date;
}

/** An adjustment of a reported conversion is stuck by itself: the conversion keeps its status. */
function readAdjustments({ conversions }: Database) {
  const isUnsettled = { 'adjustments.status': { $in: UNSETTLED } };
  const reason = { $ifNull: ['$adjustments.parkReason', 'unknown'] };
  return conversions.aggregate<AdjustmentGroup>([
    { $match: isUnsettled },
    { $unwind: '$adjustments' },
    { $match: isUnsettled },
    {
      $group: {
        _id: { kind: '$adjustments.kind', status: '$adjustments.status', reason },
        count: { $sum: 1 },
        since: { $min: '$adjustments.requestedAt' },
      },
    },
    { $replaceWith: { $mergeObjects: ['$_id', { count: '$count', since: '$since' }] } },
  ]);
}

/** The one of each kind and status that has waited the longest. */
function longestWaiting(groups: AdjustmentGroup[], now: number) {
  const waiting = groups.map(({ kind, status, since }) => ({
    kind,
    status,
    waitingSeconds: secondsSince(since, now),
  }));
  const longestLast = waiting.toSorted((one, other) => one.waitingSeconds - other.waitingSeconds);
  return [...new Map(longestLast.map((group) => [`${group.kind} ${group.status}`, group])).values()];
}

/** The most frequent ones by their names, and the rest of each kind together. */
function limitReasons(groups: readonly ParkedGroup[]): ParkedGroup[] {
  const named = groups.toSorted((one, other) => other.count - one.count);
  const rest = new Map<string, number>();
  for (const { kind, count } of named.splice(MAX_REASONS)) rest.set(kind, (rest.get(kind) ?? 0) + count);
  return [...named, ...[...rest].map(([kind, count]) => ({ kind, reason: 'other', count }))];
}

function secondsSince(date: Date | undefined, now: number): number {
  return date ? Math.max(0, (now - date.getTime()) / 1_000) : 0;
}

/** The reasons for which conversions are parked now. */
export async function parkReasons({ conversions }: Database): Promise<string[]> {
  const reasons = await conversions.distinct('reason', { status: 'parked' });
  return reasons.filter((reason): reason is string => typeof reason === 'string');
}
