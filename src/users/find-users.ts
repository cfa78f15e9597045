import { USER_ID } from '../domain/conversion.js';
import type { Database } from '../mongo.js';
import type { User } from './user.model.js';
import type { UserIdOf } from './user-id.js';

/**
 * Users who came with this click, whether it is credited or not.
 * @param limit a click id is not unique to one click, so there may be many
 */
export function findUsersOfClick(
  { users }: Database,
  clickId: string,
  limit: number,
): Promise<Pick<User, '_id' | 'clerkId'>[]> {
  const ofClick = [
    { 'attributionHistory.clickId': clickId },
    { 'attribution.impact.clickId': clickId, attributionHistory: null },
  ];
  return users.find({ $or: ofClick }, { clerkId: 1 }).limit(limit).lean().exec();
}

/**
 * The id of a user in the ledger. One whom this service has not seen has an id too, by which a conversion is held.
 * @param userIdOf not there without the key of users' ids
 * @returns undefined where the user is unknown, and the key as well
 */
export async function findUserId(
  { users }: Database,
  clerkId: string,
  userIdOf: UserIdOf | undefined,
): Promise<string | undefined> {
  const user = await users.findOne({ clerkId }, { _id: 1 }).lean();
  return (user?._id ?? userIdOf?.(clerkId))?.toHexString();
}

/** @returns null also for a conversion of which only a refund has come: it has no user yet */
export async function findKnownUser({ users }: Database, userId: string): Promise<User | null> {
  return USER_ID.test(userId) ? users.findById(userId).lean() : null;
}

/** Whether one of the newest users has the id that this key makes, or there are none. Users of before may have any id. */
export async function isKeyOfUsers({ users }: Database, userIdOf: UserIdOf): Promise<boolean> {
  const newest = await users.find({}, { clerkId: 1 }).sort({ $natural: -1 }).limit(100).lean();
  return newest.length === 0 || newest.some(({ _id, clerkId }) => userIdOf(clerkId).equals(_id));
}
