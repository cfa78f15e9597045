import { createHmac } from 'node:crypto';
import { Types } from 'mongoose';

/** The id that the user of a Clerk id has, or will have. */
export type UserIdOf = (clerkId: string) => Types.ObjectId;

const OBJECT_ID_BYTES = 12;

/**
 * A new user's id is a pure function of the Clerk id. A person whose document was removed, or lost with a restored
 * backup, gets the same id again, so the ledger recognizes the signup and the sales that it already has. The key keeps
 * others, such as Impact, from computing which Clerk id a user id stands for. An ObjectId usually begins with the time
 * of its creation; the first bytes of this one mean nothing.
 */
export function createUserIdOf(key: string): UserIdOf {
  return (clerkId) =>
    new Types.ObjectId(createHmac('sha256', key).update(clerkId).digest().subarray(0, OBJECT_ID_BYTES));
}
