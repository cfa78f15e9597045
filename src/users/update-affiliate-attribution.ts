import { impactClick } from '../domain/attribution.js';
import { attributeSkipped } from '../ledger/attribute-skipped.js';
import { countConversion } from '../ledger/transition.js';
import { isNewest } from './clicks.js';
import { insertClick, type PlacedClick } from './insert-click.js';
import { type SyncedUser, type SyncUserDeps, syncUser, type Visit } from './sync-user.js';
import type { User } from './user.model.js';

interface NewClick {
  clickId: string;
  /** When the user landed with it, by the user's clock: no event before that belongs to it. */
  clickedAt?: Date | undefined;
  /** When it was captured, by a backend's clock; now, if no backend says. */
  capturedAt?: Date | undefined;
}

/** The user of a visit that brings a click, created if there is none, and then with this click. */
export async function updateAffiliateAttribution(
  deps: SyncUserDeps,
  visit: Visit & NewClick,
): Promise<SyncedUser> {
  const synced = await syncUser(deps, { ledToSignup: landedBeforeSignup(visit), ...visit });
  const { user, pending } = await storeClick(deps, synced.user, visit);
  return { ...synced, user, pending: [...synced.pending, ...pending] };
}

/** A user's clock counts for the signup, as far as the grace goes. */
export function landedBeforeSignup({ clickedAt }: NewClick) {
  return ({ createdAt }: User) => clickedAt !== undefined && clickedAt <= createdAt;
}

/**
 * A known user came through another link. Existing conversions keep the click they have; those that were skipped without one
 * get this one, if it held, or came within five minutes after them. The same click again changes nothing, so that a repeated
 * call never renews its window.
 */
export async function storeClick(
  deps: SyncUserDeps,
  known: User,
  { clickId, clickedAt, capturedAt }: NewClick,
): Promise<Pick<SyncedUser, 'user' | 'pending'>> {
  const unchanged = { user: known, pending: [] };
  if (isNewest(known, clickId)) return unchanged;
  const { db, programme } = deps;
  const policy = programme.attribution;
  const { user, pending } = await db.transaction(async (session) => {
    const click = impactClick(clickId, capturedAt ?? new Date(), clickedAt);
    const placed: PlacedClick = { click, policy, isLatest: capturedAt === undefined };
    const user = await insertClick(db, session, known, placed);
    if (!user) return unchanged;
    return { user, pending: await attributeSkipped({ db }, session, user, { click, policy }) };
  });
  for (const conversion of pending) countConversion(deps, conversion);
  return { user, pending };
}
