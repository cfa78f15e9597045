import { Gauge, type Registry } from 'prom-client';
import { FINDING_KINDS } from '../domain/audit.js';
import type { Database } from '../mongo.js';

/** What the newest audit found, read when Prometheus asks. Before the first audit there is no value. */
export function registerAuditMetric(registry: Registry, db: Database): void {
  new Gauge({
    name: 'affiliate_audit_findings',
    help: 'Differences between the ledger and Impact in the newest audit, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      const newest = await db.audits.findOne({}, { findingsByKind: 1 }).sort({ at: -1 }).lean();
      if (!newest) return this.reset();
      for (const kind of FINDING_KINDS) this.set({ kind }, newest.findingsByKind[kind] ?? 0);
    },
  });
}
