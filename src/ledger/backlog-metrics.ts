import { Gauge, Registry } from 'prom-client';
import { UNSENT_ADJUSTMENT_STATUSES } from '../domain/adjustment.js';
import { type ConversionStatus, UNSETTLED } from '../domain/conversion.js';
import type { MetricsSource } from '../metrics-endpoint.js';
import type { Database } from '../mongo.js';
import { countParkedConversions } from './count-parked.js';

interface ParkedGroup {
  kind: string;
  reason: string;
  count: number;
}

/** An alert needs no higher count. */
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

/** Each query is answered by an index, however long the ledger grows. */
async function readMetrics(db: Database): Promise<string> {
  const now = Date.now();
  const [unsettled, parkedConversions, adjustments] = await Promise.all([
    Promise.all(UNSETTLED.map((status) => readStatus(db, status, now))),
    countParkedConversions(db),
    readAdjustments(db),
  ]);
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
    'How long the conversion or adjustment that is pending, reporting or parked the longest has been so; 0: none is.',
    ['kind', 'status'],
  );
  const age = gauge(
    'affiliate_oldest_conversion_age_seconds',
    'Time since the oldest event whose conversion is pending, reporting or parked; 0 where there is none.',
    ['status'],
  );
  const count = gauge(
    'affiliate_unsettled_conversions',
    'Conversions that are pending, reporting or parked, counted up to 10,000.',
    ['status'],
  );

  const conversionGroups = parkedConversions.map((group) => ({ kind: 'conversion', ...group }));
  for (const groups of [conversionGroups, parkedAdjustments])
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
