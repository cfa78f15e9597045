import { createAuditMetrics } from './audit/metrics.js';
import type { Programme } from './domain/programme/programme.js';
import { createLedgerMetrics } from './ledger/backlog-metrics.js';
import { createSignupMetrics } from './ledger/signup-metrics.js';
import type { MetricsSource } from './metrics-endpoint.js';
import type { Database } from './mongo.js';
import { createStripeMetrics } from './sources/stripe/metrics.js';

/** What the worker's page has out of MongoDB. */
export function databaseMetrics(
  db: Database,
  { programme, signupGraceMs }: { programme: Programme; signupGraceMs: number },
  { audited }: { audited: boolean },
): MetricsSource[] {
  return [
    createLedgerMetrics(db),
    createSignupMetrics(db, { signup: programme.signup, signupGraceMs }),
    createAuditMetrics(db, { scheduled: audited }),
    createStripeMetrics(db),
  ];
}
