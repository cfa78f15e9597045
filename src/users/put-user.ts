import type { Conversion } from '../domain/conversion.js';
import { addEmail } from '../ledger/add-email.js';
import { findSignup } from '../ledger/tombstone.js';
import { type SyncedUser, type SyncUserDeps, syncUser, type Visit } from './sync-user.js';
import { updateAffiliateAttribution } from './update-affiliate-attribution.js';

/** What a backend knows of a user. */
export type UserToPut = Pick<Visit, 'clerkId' | 'clickId' | 'signedUpAt' | 'customerEmail' | 'existing'> & {
  clickedAt?: Date | undefined;
};

export interface PutUser extends SyncedUser {
  /** As the ledger has it now; an existing user has none. */
  signup: Conversion | null;
}

/**
 * The user and the signup, as a backend, a webhook or an app's server reports them. It may come before, after or at the same
 * moment as the user's own first request, and more than once: the signup is made once, with the user. A backend's click is
 * captured when the backend says. Without that, a request that names the signup brings the click of the signup, also where it
 * is repeated later; any other one brings a click of now.
 * @throws DomainError `user_erased`, `concurrent_update`
 */
export async function putUser(
  deps: SyncUserDeps,
  { clickedAt, signedUpAt, ...user }: UserToPut,
): Promise<PutUser> {
  const { clickId, customerEmail } = user;
  const capturedAt = notLaterThanNow(clickedAt ?? signedUpAt);
  // A click with its own time finds its place by that, without the grace of those that come late.
  const visit = { ...user, signedUpAt, capturedAt, ledToSignup: () => capturedAt === undefined };
  const synced = await (clickId === undefined
    ? syncUser(deps, visit)
    : updateAffiliateAttribution(deps, { ...visit, clickId }));
  const signup = await findSignup(deps.db, deps.programme, synced.user._id.toHexString());
  return { ...synced, signup: signup && (await addEmail(deps, signup, customerEmail)) };
}

function notLaterThanNow(time: Date | undefined): Date | undefined {
  return time && new Date(Math.min(time.getTime(), Date.now()));
}
