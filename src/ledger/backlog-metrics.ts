import { Gauge, Registry } from 'prom-client';
import type { MetricsSource } from '../metrics-endpoint.js';
import type { Database } from '../mongo.js';
import { readBacklog } from './read-backlog.js';

/**
 * What waits in the ledger, read when Prometheus asks: whoever watches it sees a conversion get stuck, and grow old
 * long before Impact drops it. Every worker says the same, so take the maximum of them, never the sum.
 */
export function createLedgerMetrics(db: Database): MetricsSource {
  return { name: 'ledger', read: () => readMetrics(db) };
}

async function readMetrics(db: Database): Promise<string> {
  const { parked, unsettled, adjustments } = await readBacklog(db);
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

  for (const { kind, reason, count: parkedCount } of parked) parkedNow.set({ kind, reason }, parkedCount);
  for (const { status, ...oldest } of unsettled) {
    waiting.set({ kind: 'conversion', status }, oldest.waitingSeconds);
    age.set({ status }, oldest.ageSeconds);
    count.set({ status }, oldest.count);
  }
  for (const { kind, status, waitingSeconds } of adjustments) waiting.set({ kind, status }, waitingSeconds);
  return registry.metrics();
}
