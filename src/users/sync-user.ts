import type { ClientSession } from 'mongoose';
import { impactClick } from '../domain/attribution.js';
import type { Conversion } from '../domain/conversion.js';
import type { Programme } from '../domain/programme/programme.js';
import { attributeSkipped } from '../ledger/attribute-skipped.js';
import { recordConversion } from '../ledger/record-conversion.js';
import { findSignup, signUpAgain } from '../ledger/tombstone.js';
import { countConversion, type Ledger } from '../ledger/transition.js';
import type { Database } from '../mongo.js';
import { awaitsSignupClick } from './clicks.js';
import { newUser } from './new-user.js';
import type { User } from './user.model.js';
import type { UserIdOf } from './user-id.js';

export type SyncUserDeps = Ledger & {
  programme: Programme;
  userIdOf: UserIdOf;
  signupGraceMs: number;
};

export interface Visit {
  clerkId: string;
  clickId?: string | undefined;
  /** When the click was captured, if it is not now; and when the user signed up. Only a backend is believed. */
  capturedAt?: Date | undefined;
  signedUpAt?: Date | undefined;
  /** Of the signup, if this visit makes it. */
  customerEmail?: string | undefined;
  /** The user was there before this service: no signup is made. */
  existing?: boolean | undefined;
  ledToSignup?: (user: User) => boolean;
  /** When the session began, or when the person signed up; by default now. It creates no user who was erased since. */
  since?: Date | undefined;
  /** Create the user without a look, which a new user then does not wait for. */
  isProbablyNew?: boolean;
}

export interface SyncedUser {
  user: User;
  /** By this visit. */
  created: boolean;
  /** Conversions that now wait for their workflow. */
  pending: Conversion[];
  /** The new signup, if there is nothing to report. */
  skipped?: Conversion;
}

/**
 * The user of an authenticated request, created on the first one together with the signup conversion, in one
 * transaction. `clickId` counts for a new user, and for one created less than the grace ago that has no
 * attribution yet: a browser's first requests race, and only one of them carries the click id.
 * @param ledToSignup whether the click came before the signup of a user who is there already; by default it did
 * @throws DomainError `user_erased`
 */
export async function syncUser(deps: SyncUserDeps, visit: Visit): Promise<SyncedUser> {
  const { clerkId, clickId, ledToSignup = () => true, isProbablyNew = false } = visit;
  const isSignupClick = (user: User) => awaitsSignupClick(user, deps.signupGraceMs) && ledToSignup(user);
  const known = isProbablyNew ? null : await readUser(deps.db, clerkId);
  if (known && !(clickId && isSignupClick(known))) return unchanged(known);
  const synced = await deps.db.transaction(async (session, isRepeated): Promise<SyncedUser> => {
    const mayBeThere = known !== null || isRepeated;
    const user = mayBeThere ? await deps.db.users.findOne({ clerkId }).session(session).lean() : null;
    if (!user) return createUser(deps, session, visit, mayBeThere);
    if (!clickId || !isSignupClick(user)) return unchanged(user);
    return attributeSignup(deps, session, user, clickId);
  });
  for (const conversion of synced.pending) countConversion(deps, conversion);
  if (synced.skipped) countConversion(deps, synced.skipped);
  return synced;
}

/** By the driver itself, as it is the hottest read. */
function readUser({ users }: Database, clerkId: string): Promise<User | null> {
  return users.collection.findOne({ clerkId }) as Promise<User | null>;
}

function unchanged(user: User): SyncedUser {
  return { user, created: false, pending: [] };
}

/**
 * The user and the signup. The signup of a user who was removed or erased is in the ledger already, and stays as it is.
 * Of two concurrent requests of one new user, the second meets the first one's document, and is tried again.
 */
async function createUser(
  { db, programme, userIdOf }: SyncUserDeps,
  session: ClientSession,
  visit: Visit,
  mayBeThere: boolean,
): Promise<SyncedUser> {
  const { clerkId, clickId, signedUpAt = new Date(), capturedAt = signedUpAt, customerEmail } = visit;
  const click = clickId === undefined ? undefined : impactClick(clickId, capturedAt);
  const user = newUser(userIdOf, { clerkId, signedUpAt, click });
  await db.users.collection.insertOne(user as never, { session });
  const created = { user, created: true, pending: [] };
  const userId = user._id.toHexString();
  const mayReturn = (signup: Conversion) => signUpAgain({ db }, session, signup, visit.since ?? signedUpAt);
  if (visit.existing) {
    const signup = await findSignup(db, programme, userId, session);
    if (signup) await mayReturn(signup);
    return created;
  }
  const signup = {
    event: programme.signup,
    policy: programme.attribution,
    userId,
    user,
    occurredAt: signedUpAt,
    payload: customerEmail === undefined ? {} : { customerEmail },
  };
  const { conversion, recorded } = await recordConversion(db, session, signup, mayBeThere);
  if (!recorded) {
    await mayReturn(conversion);
    return created;
  }
  if (conversion.status === 'pending') return { ...created, pending: [conversion] };
  return { ...created, skipped: conversion };
}

/**
 * Gives a user who has just signed up the click that brought them. The click came before the signup and only its id was
 * late, so it counts as captured at the signup. Conversions that were skipped for want of a click are pending again.
 */
async function attributeSignup(
  { db, programme }: SyncUserDeps,
  session: ClientSession,
  user: User,
  clickId: string,
) {
  const click = impactClick(clickId, user.createdAt);
  const attributed = await db.users
    .findOneAndUpdate(
      { _id: user._id },
      {
        $set: {
          'attribution.impact.clickId': clickId,
          'attribution.impact.capturedAt': click.capturedAt,
          attributionHistory: [click],
          updatedAt: new Date(),
        },
      },
      { session, returnDocument: 'after' },
    )
    .lean();
  if (!attributed) return unchanged(user);
  const pending = await attributeSkipped({ db }, session, attributed, {
    click,
    policy: programme.attribution,
  });
  return { user: attributed, created: false, pending };
}
