import { isDeepStrictEqual } from 'node:util';
import type { ClientSession } from 'mongoose';
import { payloadWith } from '../domain/adjustment.js';
import { CLOCK_SKEW_MS } from '../domain/clock-skew.js';
import type { Conversion } from '../domain/conversion.js';
import { withoutPerson } from '../domain/erasure.js';
import { DomainError } from '../domain/errors.js';
import { checkLargestAmount, checkMaxAmount } from '../domain/max-amount.js';
import type { CampaignEvent, Payload } from '../domain/programme/event.js';
import type { Programme } from '../domain/programme/programme.js';
import { attributionOf, awaitsSignupClick } from '../users/clicks.js';
import type { User } from '../users/user.model.js';
import type { UserIdOf } from '../users/user-id.js';
import { addEmail } from './add-email.js';
import { countPublishedAmount } from './count-amounts.js';
import { recordConversion } from './record-conversion.js';
import { countConversion, type Ledger } from './transition.js';

export interface ConversionToPublish {
  campaignEventId: string;
  user: { userId: string } | { clerkId: string };
  /** When it happened; now, if the caller does not say. */
  occurredAt?: Date | undefined;
  payload: Payload;
}

export type PublishDeps = Ledger & { programme: Programme; userIdOf: UserIdOf; signupGraceMs: number };

export interface PublishedConversion {
  conversion: Conversion;
  /** By this call; not by an earlier one. */
  recorded: boolean;
}

/**
 * Accepts a conversion from a backend, once: the same event again answers with the conversion that is there. That of an
 * unknown user is held until the user appears.
 * @throws DomainError `unknown_campaign_event`, `amount_too_high`, or `conversion_conflict` where the same id was published
 *   with other contents
 */
export async function publishConversion(
  deps: PublishDeps,
  request: ConversionToPublish,
): Promise<PublishedConversion> {
  const { payload, occurredAt } = request;
  const event = deps.programme.get(request.campaignEventId);
  const published = await deps.db.transaction(async (session, isRepeated) => {
    const sale = { event, policy: deps.programme.attribution, occurredAt: occurredAt ?? new Date(), payload };
    const user = await findUser(deps, session, request.user, sale.occurredAt);
    const userId = userIdFor(deps, request.user, user);
    const found = await recordConversion(deps.db, session, { ...sale, userId, user }, isRepeated);
    // A sale that is there already was accepted, whatever maximum its event has now.
    if (found.recorded) checkAmounts(event, found.conversion);
    else sameOrConflict(event, found.conversion, request, userId);
    return found;
  });
  if (!published.recorded) {
    const conversion = await addEmail(deps, published.conversion, payload.customerEmail);
    // Another request may have added another address just before.
    return { conversion: sameOrConflict(event, conversion, request), recorded: false };
  }
  countConversion(deps, published.conversion);
  countPublishedAmount(deps, published.conversion);
  return published;
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
): Promise<User | null> {
  const user = await db.users.findOne(userFilter(who)).session(session).lean();
  if (!user || attributionOf(user, occurredAt, programme.attribution).attribution) return user;
  // Five minutes, and five more for the clock of another process.
  const isRecent = Date.now() - occurredAt.getTime() < 2 * CLOCK_SKEW_MS;
  if (!isRecent && !awaitsSignupClick(user, signupGraceMs + CLOCK_SKEW_MS)) return user;
  const lock = { $set: { updatedAt: new Date() } };
  await db.users.updateOne({ _id: user._id }, lock, { session });
  return user;
}

export function userFilter(who: ConversionToPublish['user']) {
  return 'clerkId' in who ? { clerkId: who.clerkId } : { _id: who.userId };
}

/** The user's id, or the one that an unknown user will have. */
export function userIdFor(
  { userIdOf }: { userIdOf: UserIdOf },
  who: ConversionToPublish['user'],
  user: User | null,
): string {
  if (user) return user._id.toHexString();
  return 'userId' in who ? who.userId : userIdOf(who.clerkId).toHexString();
}

/** @throws DomainError `conversion_conflict` */
export function sameOrConflict(
  event: CampaignEvent,
  existing: Conversion,
  request: ConversionToPublish,
  userId = existing.userId,
): Conversion {
  const differing = [
    existing.userId !== userId && 'user',
    request.occurredAt && existing.occurredAt.getTime() !== request.occurredAt.getTime() && 'occurredAt',
    !isSamePayload(event, existing, request.payload) && 'payload',
  ].filter((part) => typeof part === 'string');
  if (differing.length === 0) return existing;
  throw new DomainError(
    'conversion_conflict',
    `Conversion "${existing._id}" was published before with another ${differing.join(' and ')}. ` +
      'One id is one conversion: use a new id for a new event.',
  );
}

/** The service records a lead without an e-mail address, and a backend may know it: only two different ones are a conflict. */
function isSamePayload({ type }: CampaignEvent, existing: Conversion, published: Payload): boolean {
  const { payload: recorded, erasedAt } = existing;
  if (erasedAt) return isDeepStrictEqual(recorded, withoutPerson(published));
  const { customerEmail = published.customerEmail } = recorded;
  if (type !== 'lead' || customerEmail === undefined) return isDeepStrictEqual(recorded, published);
  return isDeepStrictEqual({ ...recorded, customerEmail }, { customerEmail, ...published });
}
