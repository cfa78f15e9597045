import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { ConversionStatus } from '../../src/domain/conversion.js';
import type { Database } from '../../src/mongo.js';
import { wakeConversion } from '../../src/temporal/wake-conversion.js';
import { saleOf } from '../support/fixtures.js';
import { inFlight } from '../support/load.js';

export interface Ledger {
  db: Database;
  temporal: Client;
}

/** So many at once that the worker is busy, and so few that none waits long enough for the relay to start it as well. */
const AT_ONCE = 100;

/** Starts sales, numbered from the first to the last, until the workflow of each waits in `status`. */
export async function fill(
  { db, temporal }: Ledger,
  { first, end, status }: { first: number; end: number; status: ConversionStatus },
): Promise<void> {
  for (let from = first; from < end; from += AT_ONCE) {
    const length = Math.min(AT_ONCE, end - from);
    const sales = Array.from({ length }, (_, index) => saleOf(orderIdOf(status, from + index), new Date()));
    await db.conversions.insertMany(sales);
    await inFlight(20, length, async (index) => {
      const sale = sales[index];
      if (sale) await wakeConversion({ temporal, deadlineMs: 30_000 }, sale);
    });
    const ids = sales.map(({ _id }) => _id);
    while ((await db.conversions.countDocuments({ _id: { $in: ids }, status })) < length) await delay(50);
  }
}

export function orderIdOf(status: ConversionStatus, index: number): string {
  return `${status}-${index}`;
}
