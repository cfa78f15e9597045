import { ATTRIBUTION_HISTORY_LENGTH, impactClick } from '../domain/attribution.js';
import type { Database } from '../mongo.js';
import { clicksOf } from './clicks.js';
import { type SyncedUser, type SyncUserDeps, syncUser } from './sync-user.js';
import type { User } from './user.model.js';

/**
 * Last click wins: a signed-in user came through another link. Existing conversions keep the click they have. The
 * current click again changes nothing, so that a repeated call never renews its window.
 * @param clickedAt when the user landed with it: only a landing before the signup can have led to the signup
 */
export async function updateAffiliateAttribution(
  deps: SyncUserDeps,
  { clerkId, clickId, clickedAt }: { clerkId: string; clickId: string; clickedAt?: Date | undefined },
): Promise<SyncedUser> {
  const ledToSignup = ({ createdAt }: User) => clickedAt !== undefined && clickedAt <= createdAt;
  const synced = await syncUser(deps, { clerkId, clickId, ledToSignup });
  if (synced.user.attribution?.impact?.clickId !== clickId) await appendClick(deps.db, synced.user, clickId);
  return synced;
}

async function appendClick(db: Database, user: User, clickId: string): Promise<void> {
  const click = impactClick(clickId, new Date());
  if (!user.attributionHistory)
    await db.users.updateOne(
      { _id: user._id, attributionHistory: { $exists: false } },
      { $set: { attributionHistory: [...clicksOf(user)] } },
    );
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
