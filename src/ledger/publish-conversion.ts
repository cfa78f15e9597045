import { isDeepStrictEqual } from 'node:util';
import { type ClientSession, isValidObjectId } from 'mongoose';
import { payloadWith } from '../domain/adjustment.js';
import { CLOCK_SKEW_MS } from '../domain/clock-skew.js';
import type { Conversion } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { checkLargestAmount, checkMaxAmount } from '../domain/max-amount.js';
import type { CampaignEvent } from '../domain/programme/event.js';
import type { Programme } from '../domain/programme/programme.js';
import { attributionOf, awaitsSignupClick } from '../users/clicks.js';
import type { User } from '../users/user.model.js';
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

export type PublishDeps = Ledger & { programme: Programme; signupGraceMs: number };

/**
 * Accepts a conversion from a backend, once: the same event again answers with the conversion that is there.
 * @throws DomainError `unknown_campaign_event`, `user_not_found`, `amount_too_high`, or `conversion_conflict` where the
 *   same id was published with other contents
 */
export async function publishConversion(
  deps: PublishDeps,
  request: ConversionToPublish,
): Promise<Conversion> {
  const { payload, occurredAt } = request;
  const event = deps.programme.get(request.campaignEventId);
  const { conversion, recorded } = await deps.db.transaction(async (session, isRepeated) => {
    const sale = { event, policy: deps.programme.attribution, occurredAt: occurredAt ?? new Date(), payload };
    const user = await findUser(deps, session, request.user, sale.occurredAt);
    const found = await recordConversion(deps.db, session, { ...sale, user }, isRepeated);
    // A sale that is there already was accepted, whatever maximum its event has now.
    if (found.recorded) checkAmounts(event, found.conversion);
    else sameOrConflict(found.conversion, user._id.toHexString(), request);
    return found;
  });
  if (recorded) countConversion(deps, conversion);
  if (recorded) countPublishedAmount(deps, conversion);
  return conversion;
}

/** A new amount that came before its sale could not be checked before. @throws DomainError `amount_too_high` */
export function checkAmounts(
  event: CampaignEvent,
  conversion: Pick<Conversion, 'payload' | 'adjustments'>,
): void {
  const wanted = payloadWith(conversion, 'wanted');
  checkLargestAmount(wanted);
  checkMaxAmount(event, wanted);
}

/**
 * The user, read in the transaction. If a click that is reported later may still attribute the event, writing to the user
 * orders this against such a click that arrives at the same moment: whichever comes second sees the other, so no
 * conversion is recorded as unattributed beside the click that brought it. For any other event nothing is written, as
 * conversions of one user would otherwise wait for each other.
 */
async function findUser(
  { db, programme, signupGraceMs }: PublishDeps,
  session: ClientSession,
  who: ConversionToPublish['user'],
  occurredAt: Date,
): Promise<User> {
  const user = await db.users.findOne(userFilter(who)).session(session).lean();
  if (!user) throw userNotFound(who);
  if (attributionOf(user, occurredAt, programme.attribution).attribution) return user;
  // Five minutes, and five more for the clock of another process.
  const isRecent = Date.now() - occurredAt.getTime() < 2 * CLOCK_SKEW_MS;
  if (!isRecent && !awaitsSignupClick(user, signupGraceMs + CLOCK_SKEW_MS)) return user;
  const lock = { $set: { updatedAt: new Date() } };
  await db.users.updateOne({ _id: user._id }, lock, { session });
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
