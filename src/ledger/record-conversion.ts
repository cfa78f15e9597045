import type { ClientSession } from 'mongoose';
import { reversalOf } from '../domain/adjustment.js';
import { type Conversion, conversionId, isPlaceholder } from '../domain/conversion.js';
import { firstState } from '../domain/decide.js';
import type { CampaignEvent } from '../domain/programme/event.js';
import type { AttributionPolicy } from '../domain/programme/schema.js';
import type { Database } from '../mongo.js';
import { concernsConversion, currentTraceparent } from '../tracing/work-context.js';
import { attributionOf } from '../users/clicks.js';
import type { User } from '../users/user.model.js';
import { transition } from './transition.js';

export interface NewConversion {
  event: CampaignEvent;
  policy: AttributionPolicy;
  userId: string;
  /** null: this service does not know the user yet. */
  user: User | null;
  occurredAt: Date;
  payload: Record<string, unknown>;
}

/**
 * Writes a conversion into the ledger with the attribution that held when it happened. Without one there is nothing to
 * report: it is recorded as skipped, with the reason, and no workflow is started for it. So is that of an unknown user, until
 * the user appears (release-skipped.ts). If the ledger has the conversion already, that one is returned as it is; if only a
 * refund of it has come so far, the two meet.
 * @param mayBeThere look for it first: a duplicate would end the transaction
 */
export async function recordConversion(
  db: Database,
  session: ClientSession,
  conversion: NewConversion,
  mayBeThere: boolean,
): Promise<{ conversion: Conversion; recorded: boolean }> {
  const { conversions } = db;
  const fresh = toConversion(conversion, new Date());
  concernsConversion(fresh._id);
  const found = mayBeThere ? await conversions.findById(fresh._id).session(session).lean() : null;
  const met = found && isPlaceholder(found) ? await meet(db, session, found, fresh) : null;
  if (met) return { conversion: met, recorded: true };
  if (found) return { conversion: found, recorded: false };
  // The driver's own, as mongoose would make a model of it: this is the hottest write.
  await conversions.collection.insertOne(fresh as never, { session, ignoreUndefined: true });
  return { conversion: fresh, recorded: true };
}

function toConversion(conversion: NewConversion, now: Date): Conversion {
  const { event, policy, userId, user, occurredAt, payload } = conversion;
  const found = attributionOf(user, occurredAt, policy);
  const state = firstState(found, { payload });
  const traceparent = currentTraceparent();
  return {
    _id: conversionId(event.id, event.key({ userId, payload })),
    campaignEventId: event.id,
    userId,
    occurredAt,
    payload,
    attribution: found.attribution,
    ...state,
    ...(traceparent ? { traceparent } : {}),
    timeline: [{ at: now, ...state }],
    createdAt: now,
    updatedAt: now,
  };
}

/** The document of a refund that came first becomes the conversion. A refund at this moment makes MongoDB try the transaction again. */
function meet(db: Database, session: ClientSession, waiting: Conversion, fresh: Conversion) {
  const { userId, occurredAt, payload, attribution, traceparent, status, reason, createdAt } = fresh;
  const words = 'It came after a refund or a new amount of it.';
  const entry = reversalOf(waiting)
    ? { status: 'reversed' as const, detail: `${words} It is never reported.` }
    : { status, ...(reason === undefined ? {} : { reason }), detail: words };
  const own = { userId, occurredAt, payload, attribution, createdAt };
  const set = { ...own, ...(traceparent ? { traceparent } : {}) };
  const { _id, reason: waits } = waiting;
  return transition({ db }, { _id, status: waiting.status, reason: waits ?? null }, entry, { set, session });
}
