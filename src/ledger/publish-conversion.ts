import { isDeepStrictEqual } from 'node:util';
import { type ClientSession, isValidObjectId } from 'mongoose';
import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import { type Conversion, conversionId } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import type { Database } from '../mongo.js';
import { concernsConversion } from '../tracing/work-context.js';
import { countPublishedAmount } from './count-amounts.js';
import { recordConversion } from './record-conversion.js';
import { countConversion, type Ledger } from './transition.js';

export interface ConversionToPublish {
  campaignEventId: string;
  user: { userId: string } | { clerkId: string };
  /** When it happened; now, if the caller does not say. */
  occurredAt?: Date | undefined;
  payload: Record<string, unknown>;
}

/**
 * Accepts a conversion from a backend, once: the same event again answers with the conversion that is there.
 * @throws DomainError `unknown_campaign_event`, `user_not_found`, or `conversion_conflict` where the same id
 *   was published with other contents
 */
export async function publishConversion(
  deps: Ledger & { campaignEvents: CampaignEvents },
  request: ConversionToPublish,
): Promise<Conversion> {
  const { db } = deps;
  const event = deps.campaignEvents.get(request.campaignEventId);
  const { conversion, recorded } = await db.transaction(async (session) => {
    const user = await lockUser(db, session, request.user);
    const userId = user._id.toHexString();
    const id = conversionId(event.id, event.key({ userId, payload: request.payload }));
    concernsConversion(id);
    const existing = await db.conversions.findById(id, null, { session }).lean();
    if (existing) return { conversion: sameOrConflict(existing, userId, request), recorded: false };
    const fresh = await recordConversion(db, session, {
      event,
      user,
      occurredAt: request.occurredAt ?? new Date(),
      payload: request.payload,
    });
    return { conversion: fresh, recorded: true };
  });
  if (recorded) countConversion(deps, conversion);
  if (recorded) countPublishedAmount(deps, conversion);
  return conversion;
}

/**
 * Writing to the user orders this against a first click that arrives at the same moment: whichever comes
 * second sees the other, so a sale is never recorded as unattributed beside the click that brought it.
 */
async function lockUser(db: Database, session: ClientSession, who: ConversionToPublish['user']) {
  const user = await db.users
    .findOneAndUpdate(
      userFilter(who),
      { $set: { updatedAt: new Date() } },
      { session, returnDocument: 'after' },
    )
    .lean();
  if (!user) throw userNotFound(who);
  return user;
}

/** @throws DomainError `user_not_found` for a malformed id */
export function userFilter(who: ConversionToPublish['user']) {
  if ('clerkId' in who) return { clerkId: who.clerkId };
  if (!isValidObjectId(who.userId)) throw userNotFound(who);
  return { _id: who.userId };
}

export function userNotFound(who: ConversionToPublish['user']): DomainError {
  const name = 'userId' in who ? `userId "${who.userId}"` : `clerkId "${who.clerkId}"`;
  return new DomainError(
    'user_not_found',
    `There is no user with ${name}. A user exists from its first authenticated request to this API.`,
  );
}

/** @throws DomainError `conversion_conflict` */
export function sameOrConflict(existing: Conversion, userId: string, request: ConversionToPublish) {
  const differing = [
    existing.userId !== userId && 'user',
    request.occurredAt && existing.occurredAt.getTime() !== request.occurredAt.getTime() && 'occurredAt',
    !isDeepStrictEqual(existing.payload, request.payload) && 'payload',
  ].filter((part) => typeof part === 'string');
  if (differing.length === 0) return existing;
  throw new DomainError(
    'conversion_conflict',
    `Conversion "${existing._id}" was published before with another ${differing.join(' and ')}. ` +
      'One id is one conversion: use a new id for a new event.',
  );
}
