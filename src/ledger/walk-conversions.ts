import type { Conversion } from '../domain/conversion.js';
import type { Database } from '../mongo.js';

/** `to` does not belong to it. */
export interface TimeWindow {
  from: Date;
  to: Date;
}

export type WalkedConversion = Omit<Conversion, 'timeline'>;

/** The conversions of a window, oldest first, by the index of their times: a change of status meanwhile moves none. */
export function walkWindow(db: Database, window: TimeWindow): AsyncIterable<WalkedConversion> {
  return db.conversions
    .find(inWindow(window), { timeline: 0 })
    .sort({ occurredAt: 1 })
    .lean()
    .cursor({ batchSize: 1_000 });
}

/** When the conversion of the window that was sent last was sent. It reads the whole window. */
export async function lastSentAt(db: Database, window: TimeWindow): Promise<Date | undefined> {
  const [last] = await db.conversions.aggregate<{ sentAt: Date | null }>([
    { $match: inWindow(window) },
    { $group: { _id: null, sentAt: { $max: '$submission.sentAt' } } },
  ]);
  return last?.sentAt ?? undefined;
}

/** Conversions of any time that were sent with one of these order ids. */
export function findByOrderIds(db: Database, orderIds: readonly string[]) {
  return db.conversions
    .find({ 'submission.orderId': { $in: orderIds } }, { campaignEventId: 1, submission: 1 })
    .lean();
}

function inWindow({ from, to }: TimeWindow) {
  return { occurredAt: { $gte: from, $lt: to } };
}
