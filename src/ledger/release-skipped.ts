import type { Attribution } from '../domain/attribution.js';
import type { Conversion, SkipReason } from '../domain/conversion.js';
import { firstState } from '../domain/decide.js';
import type { AttributionPolicy } from '../domain/programme/schema.js';
import type { Database } from '../mongo.js';
import { attributionOf } from '../users/clicks.js';
import { inBatches } from './in-batches.js';
import { type Entry, type Ledger, transition } from './transition.js';

const BATCH = 1_000;

type Skipped = Pick<Conversion, '_id' | 'userId' | 'occurredAt' | 'payload'>;

/** A conversion that was skipped for a reason, and would not be for that reason today. */
export interface Releasable {
  _id: string;
  reason: SkipReason;
  attribution: Attribution | null;
  state: Entry;
}

/**
 * Finds them by the index of reasons. Those of unknown users cost a look for a thousand users at a time.
 * @param since older ones stay as they are
 */
export async function* findReleasable(
  { conversions, users }: Database,
  { reason, policy, since }: { reason: SkipReason; policy: AttributionPolicy; since: Date },
): AsyncGenerator<Releasable> {
  const skipped = conversions
    .find(
      { reason, createdAt: { $gte: since }, erasedAt: null },
      { userId: 1, occurredAt: 1, 'payload.promoCode': 1 },
    )
    .sort({ createdAt: 1, _id: 1 })
    .lean<Skipped[]>()
    .cursor({ batchSize: BATCH });
  for await (const batch of inBatches<Skipped>(skipped, BATCH)) {
    const ids = new Set(batch.map(({ userId }) => userId));
    const known = await users.find({ _id: { $in: [...ids] } }).lean();
    const byId = new Map(known.map((user) => [user._id.toHexString(), user]));
    for (const conversion of batch) {
      const found = attributionOf(byId.get(conversion.userId) ?? null, conversion.occurredAt, policy);
      const state = firstState(found, conversion);
      if (found.reason === 'user_not_found' || state.reason === reason) continue;
      yield { _id: conversion._id, reason, attribution: found.attribution, state };
    }
  }
}

/**
 * The reason alone decides between two workers, and between a worker and a refund.
 * @returns null where the conversion has just moved
 */
export function release(ledger: Ledger, { _id, reason, attribution, state }: Releasable, detail: string) {
  const expected = { _id, status: 'skipped', reason } as const;
  return transition(ledger, expected, { ...state, detail }, { set: { attribution } });
}
