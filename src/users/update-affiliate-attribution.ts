import type { ClientSession } from 'mongoose';
import { ATTRIBUTION_HISTORY_LENGTH, type Click, impactClick } from '../domain/attribution.js';
import type { AttributionPolicy } from '../domain/programme/schema.js';
import { attributeSkipped } from '../ledger/attribute-skipped.js';
import { countConversion } from '../ledger/transition.js';
import type { Database } from '../mongo.js';
import { clicksOf, isNewest } from './clicks.js';
import { type SyncedUser, type SyncUserDeps, syncUser, type Visit } from './sync-user.js';
import type { User } from './user.model.js';

interface StoredClick extends Pick<Visit, 'clerkId' | 'since'> {
  clickId: string;
  clickedAt?: Date | undefined;
}

/**
 * A signed-in user came through another link. Existing conversions keep the click they have; those of the last minutes
 * that were skipped without one get this one. The newest click again changes nothing, so that a repeated call never
 * renews its window.
 * @param clickedAt when the user landed with it, by the user's clock: no event before that belongs to it
 */
export async function updateAffiliateAttribution(
  deps: SyncUserDeps,
  { clickedAt, ...visit }: StoredClick,
): Promise<SyncedUser> {
  const ledToSignup = ({ createdAt }: User) => clickedAt !== undefined && clickedAt <= createdAt;
  const synced = await syncUser(deps, { ...visit, ledToSignup });
  const { clickId } = visit;
  if (isNewest(synced.user, clickId)) return synced;
  const { db, programme } = deps;
  const policy = programme.attribution;
  const { user, pending } = await db.transaction(async (session): Promise<SyncedUser> => {
    const click = impactClick(clickId, new Date(), clickedAt);
    const user = await appendClick(db, session, { user: synced.user, click, policy });
    if (!user) return { user: synced.user, pending: [] };
    return { user, pending: await attributeSkipped({ db }, session, user, { click, policy }) };
  });
  for (const conversion of pending) countConversion(deps, conversion);
  return { ...synced, user, pending: [...synced.pending, ...pending] };
}

/**
 * One write, so that two clicks at once are both kept, in order. The first click stays, as a programme may credit it.
 * @returns null if it is the newest click already
 */
function appendClick(
  { users }: Database,
  session: ClientSession,
  { user, click, policy }: { user: User; click: Click; policy: AttributionPolicy },
): Promise<User | null> {
  const { clicks } = clicksOf(user);
  const known = { $ifNull: ['$attributionHistory', { $literal: clicks }] };
  const isFull = { $gt: [{ $size: '$attributionHistory' }, ATTRIBUTION_HISTORY_LENGTH] };
  const newest = { $slice: ['$attributionHistory', 1 - ATTRIBUTION_HISTORY_LENGTH] };
  const shortened = { $concatArrays: [{ $slice: ['$attributionHistory', 1] }, newest] };
  const credited =
    policy === 'first_click' ? { $first: '$attributionHistory' } : { $last: '$attributionHistory' };
  return users
    .findOneAndUpdate(
      {
        _id: user._id,
        $expr: {
          $ne: [{ $last: { $ifNull: ['$attributionHistory.clickId', []] } }, { $literal: click.clickId }],
        },
      },
      [
        { $set: { attributionHistory: { $concatArrays: [known, [{ $literal: click }]] } } },
        {
          $set: {
            'attribution.impact.clickId': { $getField: { field: 'clickId', input: credited } },
            'attribution.impact.capturedAt': { $getField: { field: 'capturedAt', input: credited } },
            attributionHistory: { $cond: [isFull, shortened, '$attributionHistory'] },
            hasForgottenClicks: { $cond: [isFull, true, { $ifNull: ['$hasForgottenClicks', '$$REMOVE'] }] },
            updatedAt: click.capturedAt,
          },
        },
      ],
      { session, returnDocument: 'after', updatePipeline: true },
    )
    .lean();
}
