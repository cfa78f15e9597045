import { ATTRIBUTION_HISTORY_LENGTH, type Attribution } from '../domain/attribution.js';
import type { Database } from '../mongo.js';
import { type SyncedUser, type SyncUserDeps, syncUser } from './sync-user.js';
import type { User } from './user.model.js';

/**
 * Last click wins: a signed-in user has come through another link. Conversions that exist keep the click they
 * have. The click that is current already changes nothing, so that a repeated call never renews its window.
 */
export async function updateAffiliateAttribution(
  deps: SyncUserDeps,
  { clerkId, clickId }: { clerkId: string; clickId: string },
): Promise<SyncedUser> {
  const synced = await syncUser(deps, { clerkId, clickId });
  if (synced.user.attribution?.impact?.clickId !== clickId) await appendClick(deps.db, synced.user, clickId);
  return synced;
}

async function appendClick(db: Database, user: User, clickId: string): Promise<void> {
  const click: Attribution = { clickId, capturedAt: new Date() };
  await db.users.updateOne(
    { _id: user._id, 'attribution.impact.clickId': { $ne: clickId } },
    {
      $set: {
        'attribution.impact.clickId': clickId,
        'attribution.impact.capturedAt': click.capturedAt,
        updatedAt: click.capturedAt,
      },
      $push: { attributionHistory: { $each: [click], $slice: -ATTRIBUTION_HISTORY_LENGTH } },
    },
  );
}
