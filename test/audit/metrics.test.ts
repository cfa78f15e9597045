import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuditMetrics } from '../../src/audit/metrics.js';
import type { Database } from '../../src/mongo.js';
import { keptFinding } from '../support/kept-finding.js';
import { sampleOf } from '../support/metrics-page.js';
import { openFreshDatabase } from '../support/mongo.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const result = { counts: {} as never, findingsByKind: {} as never, openDifferences: 0, money: [] };
const window = { from: new Date(0), to: new Date(1), ...result };

test('before the first audit, only the schedule is a metric', async () => {
  const page = await createAuditMetrics(db, { scheduled: true }).read();
  expect(sampleOf(page, 'affiliate_audit_scheduled')).toBe(1);
  expect(sampleOf(page, 'affiliate_audit_timestamp_seconds')).toBeUndefined();
  expect(page).not.toContain('affiliate_audit_findings');
});

test('the time of the newest audit, and the findings of all audits that are not closed, are metrics', async () => {
  await db.audits.create({ _id: 'new', at: new Date(2_000_000), ...window });
  await db.audits.create({ _id: 'old', at: new Date(1_000_000), ...window });
  const states = ['open', 'open', 'acknowledged', 'closed'] as const;
  for (const [index, state] of states.entries())
    await db.findings.create(keptFinding('twice', `A-${index}`, { state }));
  const page = await createAuditMetrics(db, { scheduled: false }).read();
  expect(sampleOf(page, 'affiliate_audit_scheduled')).toBe(0);
  expect(sampleOf(page, 'affiliate_audit_timestamp_seconds')).toBe(2_000);
  const count = (kind: string, state: string) => sampleOf(page, 'affiliate_audit_findings', { kind, state });
  expect([count('twice', 'open'), count('twice', 'acknowledged'), count('twice', 'closed')]).toEqual([
    2,
    1,
    undefined,
  ]);
  expect(count('amount_differs', 'open')).toBe(0);
});
