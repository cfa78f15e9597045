import { CONVERSION_STATUSES, type Conversion } from '../domain/conversion.js';
import type { Database } from '../mongo.js';

/** `to` does not belong to it. */
export interface TimeWindow {
  from: Date;
  to: Date;
}

export type WalkedConversion = Omit<Conversion, 'timeline'>;

/**
 * The conversions of a window, oldest first. MongoDB merges the statuses' parts of one index by time, so it sorts
 * nothing in memory and meets no conversion twice. It may miss a conversion whose status changes during the walk.
 */
export function walkWindow(db: Database, window: TimeWindow): AsyncIterable<WalkedConversion> {
  return db.conversions
    .find(inWindow(window), { timeline: 0 })
    .sort({ occurredAt: 1 })
    .lean()
    .cursor({ batchSize: 1_000 });
}

/** When the conversion of the window that was sent last was sent. */
export async function lastSentAt(db: Database, window: TimeWindow): Promise<Date | undefined> {
  const last = await db.conversions
    .findOne(inWindow(window), { submission: 1 })
    .sort({ 'submission.sentAt': -1 })
    .lean();
  return last?.submission?.sentAt;
}

/** Conversions of any time that were sent with one of these order ids. */
export function findByOrderIds(db: Database, orderIds: readonly string[]) {
  return db.conversions
    .find({ 'submission.orderId': { $in: orderIds } }, { campaignEventId: 1, submission: 1 })
    .lean();
}

/** Every status, as the index of the times begins with it. */
function inWindow({ from, to }: TimeWindow) {
  return { status: { $in: CONVERSION_STATUSES }, occurredAt: { $gte: from, $lt: to } };
}
