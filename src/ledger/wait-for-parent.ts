import type { Conversion } from '../domain/conversion.js';
import { type ParentWait, WAITS_FOR_PARENT } from '../domain/parent.js';
import type { Database } from '../mongo.js';
import { findConversion } from './find-conversion.js';
import { type Ledger, transition } from './transition.js';

/** @returns null if another writer has just moved it */
export function markWaiting(ledger: Ledger, { _id, status }: Conversion, { detail }: ParentWait) {
  const expected = { _id, status, 'submission.attempts': null };
  return transition(ledger, expected, { status: 'reporting', reason: WAITS_FOR_PARENT, detail });
}

/** @returns the conversion as it is now */
export async function endWaiting(ledger: Ledger, child: Conversion, { detail }: ParentWait) {
  const { _id, reason } = child;
  if (reason !== WAITS_FOR_PARENT) return child;
  const expected = { _id, status: 'reporting', reason } as const;
  const ended = await transition(ledger, expected, { status: 'reporting', detail });
  return ended ?? findConversion(ledger.db, _id);
}

export function findWaitingChildren(
  { conversions }: Database,
  { userId }: Conversion,
  eventIds: readonly string[],
): Promise<Conversion[]> {
  const campaignEventId = { $in: eventIds };
  return conversions
    .find({ userId, status: 'reporting', reason: WAITS_FOR_PARENT, campaignEventId })
    .lean()
    .exec();
}
