import { Gauge, type Registry } from 'prom-client';
import type { ConversionStatus } from '../domain/conversion.js';
import type { Database } from '../mongo.js';

const UNSETTLED: readonly ConversionStatus[] = ['pending', 'reporting', 'parked'];

/**
 * Impact drops what is older than 88 days: whoever watches this sees a conversion grow old long before.
 * Read from the ledger when Prometheus asks.
 */
export function registerAgeMetric(registry: Registry, db: Database): void {
  new Gauge({
    name: 'affiliate_oldest_conversion_age_seconds',
    help: 'Time since the oldest event whose conversion is pending, reporting or parked; 0 where there is none.',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      for (const status of UNSETTLED) this.set({ status }, await oldestAgeSeconds(db, status));
    },
  });
}

async function oldestAgeSeconds(db: Database, status: ConversionStatus): Promise<number> {
  const oldest = await db.conversions.findOne({ status }, { occurredAt: 1 }).sort({ occurredAt: 1 }).lean();
  return oldest ? (Date.now() - oldest.occurredAt.getTime()) / 1000 : 0;
}
