import { randomUUID } from 'node:crypto';
import type { Conversion } from '../../src/domain/conversion.js';
import type { Database } from '../../src/mongo.js';

/** A sale in the ledger whose workflow has not been started. */
export async function insertPending(db: Database, overrides: Partial<Conversion> = {}): Promise<Conversion> {
  const orderId = randomUUID();
  const conversion: Conversion = {
    _id: `sale_subscription:${orderId}`,
    campaignEventId: 'sale_subscription',
    userId: '65f000000000000000000001',
    occurredAt: new Date('2026-11-02T00:00:00Z'),
    payload: { orderId, totalAmountCents: 4900, currency: 'USD' },
    attribution: { provider: 'impact', clickId: 'click', capturedAt: new Date('2026-11-01T00:00:00Z') },
    status: 'pending',
    timeline: [],
    createdAt: new Date(),
    updatedAt: new Date(),
    ...overrides,
  };
  await db.conversions.create(conversion);
  return conversion;
}
