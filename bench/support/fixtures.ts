import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMongod } from '../../dev/mongod.js';
import type { Conversion } from '../../src/domain/conversion.js';

export const say = () => undefined;

/** A mongod whose data are removed when it stops. */
export async function startBenchMongod() {
  const dbPath = await mkdtemp(join(tmpdir(), 'affiliate-bench-'));
  const { uri, port, child, stop } = await startMongod({ dbPath, say });
  return {
    uri,
    port,
    pid: child.pid,
    dbPath,
    async stop() {
      await stop();
      await rm(dbPath, { recursive: true, force: true });
    },
  };
}

export function saleOf(orderId: string, at: Date): Conversion {
  return {
    _id: `sale_subscription:${orderId}`,
    campaignEventId: 'sale_subscription',
    userId: '65f000000000000000000001',
    occurredAt: at,
    payload: { orderId, totalAmountCents: 4_900, currency: 'USD' },
    attribution: { provider: 'impact', clickId: 'click', capturedAt: at },
    status: 'pending',
    timeline: [],
    createdAt: at,
    updatedAt: at,
  };
}
