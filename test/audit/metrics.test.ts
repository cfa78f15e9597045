import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuditMetrics } from '../../src/audit/metrics.js';
import { FINDING_KINDS, type FindingKind } from '../../src/domain/audit.js';
import type { Database } from '../../src/mongo.js';
import { sampleOf } from '../support/metrics-page.js';
import { openFreshDatabase } from '../support/mongo.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const none = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<FindingKind, number>;
const window = { from: new Date(0), to: new Date(1), counts: {} as never, findingsTotal: 0, findings: [] };

test('before the first audit, only the schedule is a metric', async () => {
  const page = await createAuditMetrics(db, { scheduled: true }).read();
  expect(sampleOf(page, 'affiliate_audit_scheduled')).toBe(1);
  expect(sampleOf(page, 'affiliate_audit_timestamp_seconds')).toBeUndefined();
});

test('the time and the findings of the newest audit are metrics', async () => {
  const findingsByKind = { ...none, twice: 2 };
  await db.audits.create({ _id: 'new', at: new Date(2_000_000), ...window, findingsByKind });
  await db.audits.create({ _id: 'old', at: new Date(1_000_000), ...window, findingsByKind: none });
  const page = await createAuditMetrics(db, { scheduled: false }).read();
  expect(sampleOf(page, 'affiliate_audit_scheduled')).toBe(0);
  expect(sampleOf(page, 'affiliate_audit_timestamp_seconds')).toBe(2_000);
  expect(sampleOf(page, 'affiliate_audit_findings', { kind: 'twice' })).toBe(2);
  expect(sampleOf(page, 'affiliate_audit_findings', { kind: 'amount_differs' })).toBe(0);
});
