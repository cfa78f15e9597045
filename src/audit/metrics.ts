import { Gauge, Registry } from 'prom-client';
import { FINDING_KINDS, UNCLOSED } from '../domain/findings.js';
import type { MetricsSource } from '../metrics-endpoint.js';
import type { Database } from '../mongo.js';
import { countFindingsByState } from './find-findings.js';

/** The time of the newest audit and the findings that are kept, read at each scrape. Before the first audit both are absent. */
export function createAuditMetrics(db: Database, { scheduled }: { scheduled: boolean }): MetricsSource {
  return {
    name: 'audit',
    async read() {
      const newest = await db.audits.findOne({}, { at: 1 }).sort({ at: -1 }).lean();
      const registry = new Registry();
      const gauge = (name: string, help: string, labelNames: ('kind' | 'state')[] = []) =>
        new Gauge({ name, help, labelNames, registers: [registry] });

      gauge(
        'affiliate_audit_scheduled',
        'Whether this worker schedules a daily audit: 1, or 0 if it is off or Impact is not configured.',
      ).set(scheduled ? 1 : 0);
      if (!newest) return registry.metrics();
      gauge('affiliate_audit_timestamp_seconds', 'Time of the newest audit, in seconds since 1970.').set(
        newest.at.getTime() / 1_000,
      );
      const findings = gauge(
        'affiliate_audit_findings',
        'Findings of audits that are open, or that an operator has acknowledged, by kind.',
        ['kind', 'state'],
      );
      for (const kind of FINDING_KINDS) for (const state of UNCLOSED) findings.set({ kind, state }, 0);
      for (const { count, ...labels } of await countFindingsByState(db)) findings.set(labels, count);
      return registry.metrics();
    },
  };
}
