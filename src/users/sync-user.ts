import type { ClientSession } from 'mongoose';
import { impactClick } from '../domain/attribution.js';
import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import type { Conversion } from '../domain/conversion.js';
import { type CountsConversions, countConversion } from '../ledger/count-conversion.js';
import { recordConversion } from '../ledger/record-conversion.js';
import type { Database } from '../mongo.js';
import { attributeSignup } from './attribute-signup.js';
import type { User } from './user.model.js';

export interface SyncUserDeps extends CountsConversions {
  db: Database;
  campaignEvents: CampaignEvents;
  signupGraceMs: number;
}

export interface SyncedUser {
  user: User;
  /** Conversions that now wait for their workflow. */
  pending: Conversion[];
  /** The signup, if there is nothing to report. */
  skipped?: Conversion;
}

/**
 * The user of an authenticated request, created on the first one together with the signup conversion, in one
 * transaction. `clickId` counts for a new user, and for one created less than the grace ago that has no
 * attribution yet: a browser's first requests race, and only one of them carries the click id.
 */
export async function syncUser(
  deps: SyncUserDeps,
  { clerkId, clickId }: { clerkId: string; clickId?: string | undefined },
): Promise<SyncedUser> {
  const known = await deps.db.users.findOne({ clerkId }).lean();
  if (known && !(clickId && awaitsSignupClick(known, deps.signupGraceMs))) return unchanged(known);
  const synced = await deps.db.transaction(async (session) => {
    const { user, created } = await upsertUser(deps.db, session, clerkId, clickId);
    if (created) return recordSignup(deps, session, user);
    if (!clickId || !awaitsSignupClick(user, deps.signupGraceMs)) return unchanged(user);
    return attributeSignup(deps.db, session, user, clickId);
  });
  for (const { _id } of synced.pending) countConversion(deps, _id, 'pending');
  if (synced.skipped) countConversion(deps, synced.skipped._id, 'skipped');
  return synced;
}

function unchanged(user: User): SyncedUser {
  return { user, pending: [] };
}

function awaitsSignupClick(user: User, graceMs: number): boolean {
  return !user.attribution?.impact?.clickId && Date.now() - user.createdAt.getTime() < graceMs;
}

/** It writes in either case, so that two concurrent requests of one new user conflict and take turns. */
async function upsertUser(
  db: Database,
  session: ClientSession,
  clerkId: string,
  clickId: string | undefined,
) {
  const now = new Date();
  const result = await db.users.findOneAndUpdate(
    { clerkId },
    {
      $setOnInsert: {
        clerkId,
        createdAt: now,
        ...(clickId !== undefined && {
          attribution: { impact: { clickId, capturedAt: now } },
          attributionHistory: [impactClick(clickId, now)],
        }),
      },
      $set: { updatedAt: now },
    },
    { upsert: true, returnDocument: 'after', includeResultMetadata: true, lean: true, session },
  );
  if (!result.value) throw new Error('MongoDB answered an upsert without the document');
  return { user: result.value as User, created: !result.lastErrorObject?.updatedExisting };
}

async function recordSignup(deps: SyncUserDeps, session: ClientSession, user: User): Promise<SyncedUser> {
  const conversion = await recordConversion(deps.db, session, {
    event: deps.campaignEvents.get('signup'),
    user,
    occurredAt: user.createdAt,
    payload: {},
  });
  return conversion.status === 'pending'
    ? { user, pending: [conversion] }
    : { user, pending: [], skipped: conversion };
}
