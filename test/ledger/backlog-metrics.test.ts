import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Conversion, ConversionStatus } from '../../src/domain/conversion.js';
import { createLedgerMetrics } from '../../src/ledger/backlog-metrics.js';
import type { Database } from '../../src/mongo.js';
import { sampleOf } from '../support/metrics-page.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';

const HOUR_MS = 3_600_000;
const DAY_SECONDS = 86_400;

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterEach(() => db.conversions.deleteMany());
afterAll(() => db.close());

const page = () => createLedgerMetrics(db).read();

async function insert(status: ConversionStatus, fields: Partial<Conversion> = {}): Promise<string> {
  const { _id } = await insertPending(db, { status, ...fields });
  return _id;
}

const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

describe('the metrics of the ledger', () => {
  it('count parked conversions by reason', async () => {
    for (const reason of ['impact_refused', 'impact_refused', 'too_old']) await insert('parked', { reason });
    const text = await page();
    const parked = (reason: string) =>
      sampleOf(text, 'affiliate_parked_conversions', { kind: 'conversion', reason });
    expect([parked('impact_refused'), parked('too_old')]).toEqual([2, 1]);
  });

  it('tell the age of the oldest event, and how long something has waited, apart', async () => {
    await insert('parked', { occurredAt: hoursAgo(30 * 24), updatedAt: hoursAgo(1) });
    await insert('parked', { occurredAt: hoursAgo(1), updatedAt: hoursAgo(2) });
    const text = await page();
    const age = sampleOf(text, 'affiliate_oldest_conversion_age_seconds', { status: 'parked' });
    const waiting = sampleOf(text, 'affiliate_oldest_waiting_seconds', {
      kind: 'conversion',
      status: 'parked',
    });
    expect(age).toBeCloseTo(30 * DAY_SECONDS, -2);
    expect(waiting).toBeCloseTo(7_200, -2);
  });

  it('are 0 where nothing waits, so that an alert can tell that from no answer', async () => {
    await insert('confirmed', { occurredAt: hoursAgo(1) });
    const text = await page();
    for (const status of ['pending', 'reporting', 'parked']) {
      expect(sampleOf(text, 'affiliate_unsettled_conversions', { status })).toBe(0);
      expect(sampleOf(text, 'affiliate_oldest_waiting_seconds', { status })).toBe(0);
      expect(sampleOf(text, 'affiliate_oldest_conversion_age_seconds', { status })).toBe(0);
    }
  });

  it('count conversions on their way', async () => {
    for (const status of ['pending', 'pending', 'reporting'] as const) await insert(status);
    const text = await page();
    const count = (status: string) => sampleOf(text, 'affiliate_unsettled_conversions', { status });
    expect([count('pending'), count('reporting')]).toEqual([2, 1]);
  });

  it('count a conversion that waits for its parent by itself, as it is not stuck', async () => {
    const waiting = { reason: 'waits_for_parent', occurredAt: hoursAgo(48), updatedAt: hoursAgo(48) };
    await insert('reporting', waiting);
    await insert('reporting', { occurredAt: hoursAgo(1), updatedAt: hoursAgo(1) });
    const text = await page();
    const both = (metric: string, labels: Record<string, string> = {}) =>
      ['reporting', 'waiting'].map((status) =>
        Math.round((sampleOf(text, metric, { ...labels, status }) ?? 0) / 3_600),
      );
    for (const status of ['reporting', 'waiting'])
      expect(sampleOf(text, 'affiliate_unsettled_conversions', { status })).toBe(1);
    expect(both('affiliate_oldest_conversion_age_seconds')).toEqual([1, 48]);
    expect(both('affiliate_oldest_waiting_seconds', { kind: 'conversion' })).toEqual([1, 48]);
  });

  it('show the adjustment that is stuck of a conversion that is not', async () => {
    const _id = await insert('confirmed');
    const adjustment = { id: 'c1', kind: 'reversal', requestedAt: hoursAgo(3) };
    const adjustments = [
      { ...adjustment, kind: 'amount', status: 'confirmed' },
      { ...adjustment, status: 'parked', parkReason: 'locked' },
    ];
    await db.conversions.collection.updateOne({ _id: _id as never }, { $set: { adjustments } });
    const text = await page();
    const of = { kind: 'reversal' };
    expect(sampleOf(text, 'affiliate_parked_conversions', { ...of, reason: 'locked' })).toBe(1);
    const waiting = sampleOf(text, 'affiliate_oldest_waiting_seconds', { ...of, status: 'parked' });
    expect(waiting).toBeCloseTo(10_800, -2);
    expect(text).not.toContain('kind="amount"');
    expect(sampleOf(text, 'affiliate_unsettled_conversions', { status: 'parked' })).toBe(0);
  });

  it('name so many reasons, and put the rest together, whatever Impact comes up with', async () => {
    const reasons = Array.from({ length: 60 }, (_, number) => `reason_${number}`);
    await Promise.all(reasons.map((reason) => insert('parked', { reason })));
    const text = await page();
    expect(text.match(/^affiliate_parked_conversions\{/gm)).toHaveLength(51);
    expect(sampleOf(text, 'affiliate_parked_conversions', { reason: 'other' })).toBe(10);
  });
});
