import type { UserToImport } from '../domain/user-to-import.js';
import type { User } from './user.model.js';
import type { UserIdOf } from './user-id.js';

/** The document of a user whom this service has not seen. */
export function newUser(userIdOf: UserIdOf, { clerkId, signedUpAt = new Date(), click }: UserToImport): User {
  return {
    _id: userIdOf(clerkId),
    clerkId,
    ...(click && {
      attribution: { impact: { clickId: click.clickId, capturedAt: click.capturedAt } },
      attributionHistory: [click],
    }),
    createdAt: signedUpAt,
    updatedAt: new Date(),
  };
}
