import { eraseConversions } from '../ledger/erase-conversions.js';
import { countConversion } from '../ledger/transition.js';
import type { SyncUserDeps } from './sync-user.js';

export type EraseUserDeps = Pick<SyncUserDeps, 'db' | 'metrics' | 'programme' | 'userIdOf'>;

/**
 * Removes the user, and takes the user out of the ledger: also a person of whom only held conversions are there. The first
 * transaction removes the document, so that nothing finds its clicks any more. A hundred conversions go with it, and each hundred
 * more in a transaction of its own. Another call finishes an erasure that was interrupted, and takes a sale that a backend published
 * at the same moment, as publishing does not write to the user; otherwise it changes nothing.
 * @returns the user ids of the person: that of the Clerk id, and another one if this service did not create the document
 */
export async function eraseUser(
  deps: EraseUserDeps,
  clerkId: string,
): Promise<readonly [own: string, ...others: string[]]> {
  const own = deps.userIdOf(clerkId).toHexString();
  const user = await deps.db.users.findOne({ clerkId }, { _id: 1 }).lean();
  const others = [user?._id.toHexString()].filter((id) => id !== undefined && id !== own) as string[];
  for (;;) {
    const { ended, isLast } = await deps.db.transaction(async (session) => {
      const { deletedCount } = await deps.db.users.deleteOne({ clerkId }, { session });
      return eraseConversions(deps, session, [own, ...others], deletedCount > 0);
    });
    for (const conversion of ended) countConversion(deps, conversion);
    if (isLast) return [own, ...others];
  }
}
