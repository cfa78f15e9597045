import type { ClientSession } from 'mongoose';
import type { CampaignEvent } from '../domain/campaign-events/define.js';
import { type Conversion, conversionId } from '../domain/conversion.js';
import { type Database, upsert } from '../mongo.js';
import { concernsConversion, currentTraceparent } from '../tracing/work-context.js';
import { attributionOf } from '../users/clicks.js';
import type { User } from '../users/user.model.js';

export interface NewConversion {
  event: CampaignEvent;
  user: User;
  occurredAt: Date;
  payload: Record<string, unknown>;
}

/**
 * Writes a conversion into the ledger with the attribution that held when it happened. Without one there is nothing to
 * report: it is recorded as skipped, with the reason, and no workflow is started for it. If the ledger has the conversion
 * already, that one is returned as it is.
 */
export async function recordConversion(
  db: Database,
  session: ClientSession,
  { event, user, occurredAt, payload }: NewConversion,
): Promise<{ conversion: Conversion; recorded: boolean }> {
  const userId = user._id.toHexString();
  const found = attributionOf(user, occurredAt);
  const now = new Date();
  const traceparent = currentTraceparent();
  const state = found.attribution
    ? { status: 'pending' as const }
    : { status: 'skipped' as const, reason: found.reason };
  const _id = conversionId(event.id, event.key({ userId, payload }));
  const fresh: Omit<Conversion, '_id'> = {
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
  concernsConversion(_id);
  const { document, created } = await upsert(db.conversions, { _id }, { $setOnInsert: fresh }, session);
  return { conversion: document, recorded: created };
}
