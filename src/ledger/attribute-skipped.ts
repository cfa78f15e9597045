import type { ClientSession } from 'mongoose';
import { type Click, earliestEventOf } from '../domain/attribution.js';
import type { Conversion } from '../domain/conversion.js';
import type { AttributionPolicy } from '../domain/programme/schema.js';
import { concernsConversion, currentTraceparent } from '../tracing/work-context.js';
import { attributionOf } from '../users/clicks.js';
import type { User } from '../users/user.model.js';
import { type Ledger, transition } from './transition.js';

/** The event came before every click that the service knew, or before it knew the user, whom a worker is about to find. */
const WITHOUT_CLICK = ['no_attribution', 'click_after_event', 'user_not_found'];

/**
 * The click of an event was reported after the event: conversions that were skipped for want of it are pending again.
 * @param user with the click
 */
export async function attributeSkipped(
  ledger: Ledger,
  session: ClientSession,
  user: User,
  { click, policy }: { click: Click; policy: AttributionPolicy },
): Promise<Conversion[]> {
  const skipped = {
    userId: user._id.toHexString(),
    status: 'skipped' as const,
    reason: { $in: WITHOUT_CLICK },
    occurredAt: { $gte: earliestEventOf(click) },
    // The click of a person who was erased and came back is not theirs.
    erasedAt: null,
  };
  const found = await ledger.db.conversions.find(skipped).session(session).lean();
  const traceparent = currentTraceparent();
  const entry = { status: 'pending', detail: 'Its click id arrived after it.' } as const;
  const pending: Conversion[] = [];
  for (const { _id, status, occurredAt } of found) {
    const { attribution } = attributionOf(user, occurredAt, policy);
    if (!attribution) continue;
    concernsConversion(_id);
    const set = { attribution, ...(traceparent ? { traceparent } : {}) };
    const written = await transition(ledger, { _id, status }, entry, { set, session });
    if (written) pending.push(written);
  }
  return pending;
}
