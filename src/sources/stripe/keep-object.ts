import { type Database, DUPLICATE_KEY } from '../../mongo.js';
import type { KeptObject } from './kept-object.model.js';

const DAY_MS = 86_400_000;

/** Impact drops events that are older, so nothing could be reported any more. */
const HELD_MS = 88 * DAY_MS;

/** Longer than cards can be disputed, which is 540 days at most with some networks. */
const LINK_MS = 550 * DAY_MS;

interface Change {
  set?: Partial<Omit<KeptObject, '_id'>>;
  /** An invoice of the payment. */
  invoice?: string;
  /** What was refunded of the payment altogether. It only grows, so an older event that comes late changes nothing. */
  refunded?: number;
  unset?: readonly (keyof KeptObject)[];
  /** A renewal may need it after years. */
  forever?: true;
}

/**
 * Keeps what an event says of an object, which is created if it is not there. The write is journaled by a majority before the
 * event is acknowledged.
 * @param unless a condition of the object that is there, under which it stays as it is
 */
export async function keepObject(
  { stripeObjects }: Database,
  _id: string,
  { set = {}, invoice, refunded, unset = [], forever }: Change,
  unless: readonly object[] = [],
): Promise<void> {
  const now = Date.now();
  const keptUntil = forever ? undefined : new Date(now + (set.held ? HELD_MS : LINK_MS));
  const filter = { _id, ...(unless.length > 0 ? { $nor: [...unless] } : {}) };
  const update = {
    $set: { ...set, updatedAt: new Date(now) },
    $max: { ...(keptUntil && { keptUntil }), ...(refunded === undefined ? {} : { refunded }) },
    ...(invoice === undefined ? {} : { $addToSet: { invoices: invoice } }),
    ...(unset.length > 0 ? { $unset: Object.fromEntries(unset.map((field) => [field, 1])) } : {}),
  };
  try {
    await stripeObjects.collection.updateOne(filter as never, update as never, {
      upsert: true,
      ignoreUndefined: true,
    });
  } catch (error) {
    if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
    // It stays as it is, or another event has just created it.
    await stripeObjects.collection.updateOne(filter as never, update as never, { ignoreUndefined: true });
  }
}

export function findObject({ stripeObjects }: Database, id: string): Promise<KeptObject | null> {
  return stripeObjects.findById(id).lean().exec();
}
