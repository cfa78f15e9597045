import { z } from 'zod';
import { USER_ID } from '../../domain/conversion.js';
import type { Database } from '../../mongo.js';
import { findUserId } from '../../users/find-users.js';
import type { UserIdOf } from '../../users/user-id.js';
import { NOT_A_USER } from './kept-object.model.js';

export const metadataSchema = z.record(z.string(), z.string()).nullish();

type Metadata = z.output<typeof metadataSchema>;

/** As the metadata or a checkout names a user: by the id in the ledger, or by the id at the token issuer. */
export type UserReference = { userId: string } | { clerkId: string };

/** The first of them that names a user. */
export function userIn(...metadata: (Metadata | undefined)[]): UserReference | undefined {
  for (const each of metadata) {
    const found = each?.clerkId ? asClerkId(each.clerkId) : asReference(each?.userId);
    if (found) return found;
  }
  return undefined;
}

/** Clerk's own libraries call its id of a user `userId` too, so any other text is one. */
export function asReference(text: string | null | undefined): UserReference | undefined {
  if (!text) return undefined;
  return USER_ID.test(text) || text === NOT_A_USER ? { userId: text } : asClerkId(text);
}

function asClerkId(text: string): UserReference | undefined {
  return text.length <= 255 ? { clerkId: text } : undefined;
}

/** The user's id in the ledger, also of a user who is not there yet. The issuer's id is not kept. */
export async function userIdOfReference(
  deps: { db: Database; userIdOf: UserIdOf },
  reference: UserReference,
): Promise<string> {
  if ('userId' in reference) return reference.userId;
  const userId = await findUserId(deps.db, reference.clerkId, deps.userIdOf);
  return userId ?? deps.userIdOf(reference.clerkId).toHexString();
}
