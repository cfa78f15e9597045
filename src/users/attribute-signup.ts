import type { ClientSession } from 'mongoose';
import type { Attribution } from '../domain/attribution.js';
import type { Database } from '../mongo.js';
import { concernsConversion, currentTraceparent } from '../tracing/work-context.js';
import type { SyncedUser } from './sync-user.js';
import type { User } from './user.model.js';

/**
 * Gives a user who has just signed up the click that brought them. The click came before the signup, only its
 * id was late, so it counts as captured at the signup; what was skipped for want of it waits for a workflow again.
 */
export async function attributeSignup(
  db: Database,
  session: ClientSession,
  user: User,
  clickId: string,
): Promise<SyncedUser> {
  const click: Attribution = { clickId, capturedAt: user.createdAt };
  const now = new Date();
  const attributed = await db.users
    .findOneAndUpdate(
      { _id: user._id },
      {
        $set: {
          'attribution.impact.clickId': clickId,
          'attribution.impact.capturedAt': click.capturedAt,
          attributionHistory: [click],
          updatedAt: now,
        },
      },
      { session, returnDocument: 'after' },
    )
    .lean();
  const pendingConversionIds = await db.conversions
    .distinct('_id', {
      userId: user._id.toHexString(),
      status: 'skipped',
      reason: 'no_attribution',
      occurredAt: { $gte: click.capturedAt },
    })
    .session(session);
  const traceparent = currentTraceparent();
  for (const id of pendingConversionIds) concernsConversion(id);
  await db.conversions.updateMany(
    { _id: { $in: pendingConversionIds } },
    {
      $set: {
        status: 'pending',
        attribution: click,
        updatedAt: now,
        ...(traceparent ? { traceparent } : {}),
      },
      $unset: { reason: 1 },
      $push: {
        timeline: { at: now, status: 'pending', detail: 'The click id arrived just after the signup.' },
      },
    },
    { session },
  );
  return { user: attributed ?? user, pendingConversionIds };
}
