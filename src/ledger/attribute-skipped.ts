import type { ClientSession } from 'mongoose';
import type { Attribution } from '../domain/attribution.js';
import type { Conversion } from '../domain/conversion.js';
import { concernsConversion, currentTraceparent } from '../tracing/work-context.js';
import { type Ledger, transitionAll } from './transition.js';

/**
 * A user's click id arrived just after the signup: conversions since the click that were skipped for want of it are
 * pending again.
 */
export async function attributeSkipped(
  ledger: Ledger,
  session: ClientSession,
  userId: string,
  click: Attribution,
): Promise<Conversion[]> {
  const skipped = {
    userId,
    status: 'skipped' as const,
    // The worker may be about to find that the user of a held one has appeared.
    reason: { $in: ['no_attribution', 'user_not_found'] },
    occurredAt: { $gte: click.capturedAt },
  };
  const found = await ledger.db.conversions.find(skipped).session(session).lean();
  if (found.length === 0) return [];
  const traceparent = currentTraceparent();
  const set = { attribution: click, ...(traceparent ? { traceparent } : {}) };
  const ids = found.map(({ _id }) => _id);
  for (const id of ids) concernsConversion(id);
  const entry = { status: 'pending', detail: 'The click id arrived just after the signup.' } as const;
  await transitionAll(ledger, { _id: { $in: ids } }, entry, { set }, session);
  return found.map(({ reason: _gone, ...conversion }) => ({ ...conversion, ...set, status: entry.status }));
}
