import { randomUUID } from 'node:crypto';
import { type Conversion, maxKeyBytes } from '../../src/domain/conversion.js';
import type { Database } from '../../src/mongo.js';

/** A sale whose workflow has not been started. */
export function pendingConversion(overrides: Partial<Conversion> = {}): Conversion {
  const orderId = randomUUID();
  return {
    _id: `sale_subscription:${orderId}`,
    campaignEventId: 'sale_subscription',
    userId: '65f000000000000000000001',
    occurredAt: daysAgo(1),
    payload: { orderId, totalAmountCents: 4900, currency: 'USD' },
    attribution: { provider: 'impact', clickId: 'click', capturedAt: daysAgo(2) },
    status: 'pending',
    timeline: [],
    createdAt: new Date(),
    updatedAt: new Date(),
    ...overrides,
  };
}

/** The same, in the ledger. */
export async function insertPending(db: Database, overrides: Partial<Conversion> = {}): Promise<Conversion> {
  const conversion = pendingConversion(overrides);
  await db.conversions.create(conversion);
  return conversion;
}

/** An id whose workflow id is one byte longer than Temporal allows. */
export function tooLongId(name: string | number): string {
  const key = `${name}-`;
  return `sale_subscription:${key}${'x'.repeat(maxKeyBytes('sale_subscription') + 1 - key.length)}`;
}

/** Impact drops events that are older than 88 days. */
function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}
