import type { ClientSession } from 'mongoose';
import { impactClick } from '../domain/attribution.js';
import { attributeSkipped } from '../ledger/attribute-skipped.js';
import type { Database } from '../mongo.js';
import type { SyncedUser } from './sync-user.js';
import type { User } from './user.model.js';

/**
 * Gives a user who has just signed up the click that brought them. The click came before the signup and only its id was
 * late, so it counts as captured at the signup. Conversions that were skipped for want of a click are pending again.
 */
export async function attributeSignup(
  db: Database,
  session: ClientSession,
  user: User,
  clickId: string,
): Promise<SyncedUser> {
  const click = impactClick(clickId, user.createdAt);
  const attributed = await db.users
    .findOneAndUpdate(
      { _id: user._id },
      {
        $set: {
          'attribution.impact.clickId': clickId,
          'attribution.impact.capturedAt': click.capturedAt,
          attributionHistory: [click],
          updatedAt: new Date(),
        },
      },
      { session, returnDocument: 'after' },
    )
    .lean();
  const pending = await attributeSkipped({ db }, session, user._id.toHexString(), click);
  return { user: attributed ?? user, pending };
}
