import type { Database } from '../../mongo.js';
import { HELD_REASONS, type HeldReason } from './kept-object.model.js';

export interface HeldGroup {
  reason: HeldReason;
  count: number;
  /** The oldest ones, by Stripe's ids. */
  oldest: { id: string; since: Date; detail?: string; eventId?: string }[];
}

const SHOWN = 3;

/** What of Stripe waits for another event, or for a human, by reason. */
export async function findHeld(db: Database): Promise<HeldGroup[]> {
  const groups = (Object.keys(HELD_REASONS) as HeldReason[]).map(async (reason) => {
    const count = await db.stripeObjects.countDocuments({ held: reason });
    const found =
      count && (await db.stripeObjects.find({ held: reason }).sort({ updatedAt: 1 }).limit(SHOWN).lean());
    const oldest = (found || []).map(({ _id: id, updatedAt: since, detail, eventId }) => ({
      id,
      since,
      ...(detail ? { detail } : {}),
      ...(eventId ? { eventId } : {}),
    }));
    return { reason, count, oldest };
  });
  return (await Promise.all(groups)).filter(({ count }) => count > 0);
}
