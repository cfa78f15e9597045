import { Gauge, Registry } from 'prom-client';
import { UNSENT_ADJUSTMENT_STATUSES } from '../domain/adjustment.js';
import { type ConversionStatus, UNSETTLED } from '../domain/conversion.js';
import { WAITS_FOR_PARENT } from '../domain/parent.js';
import type { MetricsSource } from '../metrics-endpoint.js';
import type { Database } from '../mongo.js';

interface ParkedGroup {
  kind: string;
  reason: string;
  count: number;
}

/** Of the conversions that are pending or reporting, those that have waited the longest: an alert needs no higher count. */
const COUNT_LIMIT = 10_000;

/** Reasons are Impact's words too: whatever it says, there is only so much to show. */
const MAX_REASONS = 50;

/**
 * The backlog of the ledger, read at each scrape: it shows that a conversion is stuck and grows old, long before Impact
 * drops it. Every worker reports the same values, so take their maximum, never their sum.
 */
export function createLedgerMetrics(db: Database): MetricsSource {
  return { name: 'ledger', read: () => readMetrics(db) };
}

async function readMetrics(db: Database): Promise<string> {
  const now = Date.now();
  const [unsettled, adjustments] = await Promise.all([
    Promise.all([...UNSETTLED, 'waiting' as const].map((status) => readStatus(db, status, now))),
    readAdjustments(db),
  ]);
  const parkedConversions = unsettled.flatMap(({ status, byReason }) =>
    status === 'parked' ? byReason.map((group) => ({ kind: 'conversion', ...group })) : [],
  );
  const parkedAdjustments = adjustments.filter(({ status }) => status === 'parked');
  const registry = new Registry();
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });

  const parkedNow = gauge(
    'affiliate_parked_conversions',
    'What waits for a human now: conversions, and adjustments (reversal, amount) of reported ones, by park reason.',
    ['kind', 'reason'],
  );
  const waiting = gauge(
    'affiliate_oldest_waiting_seconds',
    'How long the conversion or adjustment that is pending, reporting, waiting or parked the longest has been so; 0: none is.',
    ['kind', 'status'],
  );
  const age = gauge(
    'affiliate_oldest_conversion_age_seconds',
    'Time since the oldest event whose conversion is pending, reporting, waiting or parked; 0 where there is none.',
    ['status'],
  );
  const count = gauge(
    'affiliate_unsettled_conversions',
    'Conversions that are pending, reporting, waiting for their parent, or parked; all but the last counted up to 10,000.',
    ['status'],
  );

  for (const groups of [parkedConversions, parkedAdjustments])
    for (const { kind, reason, count: some } of limitReasons(groups)) parkedNow.set({ kind, reason }, some);
  for (const { status, ...oldest } of unsettled) {
    waiting.set({ kind: 'conversion', status }, oldest.waitingSeconds);
    age.set({ status }, oldest.ageSeconds);
    count.set({ status }, oldest.count);
  }
  for (const { kind, status, since } of longestWaiting(adjustments, now))
    waiting.set({ kind, status }, secondsSince(since, now));
  return registry.metrics();
}

interface StatusGroup {
  reason: string;
  count: number;
  occurredAt: Date;
  updatedAt: Date;
}

/** MongoDB reads the index `unfinished` alone. Parked conversions are all counted: each is shown by its reason. */
async function readStatus({ conversions }: Database, status: ConversionStatus | 'waiting', now: number) {
  const byReason = await conversions.aggregate<StatusGroup>([
    { $match: matching(status) },
    { $sort: { updatedAt: 1 } },
    ...(status === 'parked' ? [] : [{ $limit: COUNT_LIMIT }]),
    {
      $group: {
        _id: { $ifNull: ['$reason', 'unknown'] },
        count: { $sum: 1 },
        occurredAt: { $min: '$occurredAt' },
        // Every step sets it: since then it has been where it is.
        updatedAt: { $min: '$updatedAt' },
      },
    },
    { $project: { _id: 0, reason: '$_id', count: 1, occurredAt: 1, updatedAt: 1 } },
  ]);
  const longest = (field: 'occurredAt' | 'updatedAt') =>
    Math.max(0, ...byReason.map((group) => secondsSince(group[field], now)));
  return {
    status,
    byReason,
    count: byReason.reduce((sum, { count }) => sum + count, 0),
    ageSeconds: longest('occurredAt'),
    waitingSeconds: longest('updatedAt'),
  };
}

/** `reporting` without those that wait for their parent: they may wait for as long as the parent does, and are not stuck. */
function matching(status: ConversionStatus | 'waiting') {
  if (status === 'waiting') return { status: 'reporting', reason: WAITS_FOR_PARENT };
  return status === 'reporting' ? { status, reason: { $ne: WAITS_FOR_PARENT } } : { status };
}

interface AdjustmentGroup extends ParkedGroup {
  status: string;
  since?: Date;
}

/** An adjustment of a reported conversion is stuck by itself: the conversion keeps its status. */
function readAdjustments({ conversions }: Database) {
  const isUnsent = { 'adjustments.status': { $in: UNSENT_ADJUSTMENT_STATUSES } };
  const reason = { $ifNull: ['$adjustments.parkReason', 'unknown'] };
  return conversions.aggregate<AdjustmentGroup>([
    { $match: isUnsent },
    { $unwind: '$adjustments' },
    { $match: isUnsent },
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
function longestWaiting(groups: AdjustmentGroup[], now: number): Iterable<AdjustmentGroup> {
  const longestLast = groups.toSorted(
    (one, other) => secondsSince(one.since, now) - secondsSince(other.since, now),
  );
  return new Map(longestLast.map((group) => [`${group.kind} ${group.status}`, group])).values();
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
