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

/** One write, so that two clicks at once are both kept, in order, and no click is dropped without a trace. */
async function appendClick(db: Database, user: User, clickId: string): Promise<void> {
  const click = impactClick(clickId, new Date());
  const known = { $ifNull: ['$attributionHistory', { $literal: clicksOf(user) }] };
  const isFull = { $gt: [{ $size: '$attributionHistory' }, ATTRIBUTION_HISTORY_LENGTH] };
  const firstClickAt = { $ifNull: ['$firstClickAt', { $first: '$attributionHistory.capturedAt' }] };
  await db.users.updateOne(
    { _id: user._id, 'attribution.impact.clickId': { $ne: clickId } },
    [
      { $set: { attributionHistory: { $concatArrays: [known, [{ $literal: click }]] } } },
      {
        $set: {
          'attribution.impact.clickId': { $literal: clickId },
          'attribution.impact.capturedAt': click.capturedAt,
          attributionHistory: { $slice: ['$attributionHistory', -ATTRIBUTION_HISTORY_LENGTH] },
          firstClickAt: { $cond: [isFull, firstClickAt, '$$REMOVE'] },
          updatedAt: click.capturedAt,
        },
      },
    ],
    { updatePipeline: true },
  );
}
