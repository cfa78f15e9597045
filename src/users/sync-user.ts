import type { ClientSession } from 'mongoose';
import { impactClick } from '../domain/attribution.js';
import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import type { Conversion } from '../domain/conversion.js';
import { attributeSkipped } from '../ledger/attribute-skipped.js';
import { recordConversion } from '../ledger/record-conversion.js';
import { countConversion, type Ledger } from '../ledger/transition.js';
import { type Database, upsert } from '../mongo.js';
import { awaitsSignupClick } from './clicks.js';
import type { User } from './user.model.js';
import type { UserIdOf } from './user-id.js';

export type SyncUserDeps = Ledger & {
  campaignEvents: CampaignEvents;
  userIdOf: UserIdOf;
  signupGraceMs: number;
};

export interface Visit {
  clerkId: string;
  clickId?: string | undefined;
  ledToSignup?: (user: User) => boolean;
}

export interface SyncedUser {
  user: User;
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
 */
export async function syncUser(
  deps: SyncUserDeps,
  { clerkId, clickId, ledToSignup = () => true }: Visit,
): Promise<SyncedUser> {
  const isSignupClick = (user: User) => awaitsSignupClick(user, deps.signupGraceMs) && ledToSignup(user);
  const known = await deps.db.users.findOne({ clerkId }).lean();
  if (known && !(clickId && isSignupClick(known))) return unchanged(known);
  const synced = await deps.db.transaction(async (session): Promise<SyncedUser> => {
    const { user, created } = await upsertUser(deps, session, clerkId, clickId);
    if (created) return recordSignup(deps, session, user);
    if (!clickId || !isSignupClick(user)) return unchanged(user);
    return attributeSignup(deps.db, session, user, clickId);
  });
  for (const conversion of synced.pending) countConversion(deps, conversion);
  if (synced.skipped) countConversion(deps, synced.skipped);
  return synced;
}

function unchanged(user: User): SyncedUser {
  return { user, pending: [] };
}

/** It writes in either case, so that two concurrent requests of one new user conflict and take turns. */
async function upsertUser(
  { db, userIdOf }: SyncUserDeps,
  session: ClientSession,
  clerkId: string,
  clickId: string | undefined,
) {
  const now = new Date();
  const { document, created } = await upsert(
    db.users,
    { clerkId },
    {
      $setOnInsert: {
        _id: userIdOf(clerkId),
        clerkId,
        createdAt: now,
        ...(clickId !== undefined && {
          attribution: { impact: { clickId, capturedAt: now } },
          attributionHistory: [impactClick(clickId, now)],
        }),
      },
      $set: { updatedAt: now },
    },
    session,
  );
  return { user: document, created };
}

/** The signup of a user whose document was removed is in the ledger already. It stays as it is. */
async function recordSignup(deps: SyncUserDeps, session: ClientSession, user: User): Promise<SyncedUser> {
  const { conversion, recorded } = await recordConversion(deps.db, session, {
    event: deps.campaignEvents.get('signup'),
    user,
    occurredAt: user.createdAt,
    payload: {},
  });
  if (!recorded) return unchanged(user);
  return conversion.status === 'pending'
    ? { user, pending: [conversion] }
    : { user, pending: [], skipped: conversion };
}

/**
 * Gives a user who has just signed up the click that brought them. The click came before the signup and only its id was
 * late, so it counts as captured at the signup. Conversions that were skipped for want of a click are pending again.
 */
async function attributeSignup(db: Database, session: ClientSession, user: User, clickId: string) {
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
  const pending = await attributeSkipped({ db }, session, user._id.toHexString(), click);
  return { user: attributed ?? user, pending };
}
