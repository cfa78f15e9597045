import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';
import type { Explanation } from './check.js';

const SETTLED_AFTER_MS = 5_000;

/** Looks into the collection `conversions` from outside, without the product's code. */
export async function readLedger(mongoUri: string) {
  const client = await new mongoose.mongo.MongoClient(mongoUri).connect();
  const conversions = client.db().collection<Explanation & { _id: string }>('conversions');
  const underWay = {
    $or: [
      { status: { $in: ['pending', 'reporting'] } },
      { status: 'submitted', 'submission.followUntil': { $gt: new Date() } },
      {
        adjustments: { $elemMatch: { status: { $in: ['pending', 'reporting', 'submitted'] } } },
        status: { $ne: 'parked' },
      },
    ],
  };
  return {
    /** `impact_timeout 2, unconfirmed 1` */
    async parkedByReason(): Promise<string> {
      const groups = conversions.aggregate([
        { $match: { status: 'parked' } },
        { $group: { _id: '$reason', count: { $sum: 1 } } },
        { $sort: { count: -1 } },
      ]);
      return (await groups.toArray()).map(({ _id, count }) => `${_id} ${count}`).join(', ') || 'nothing';
    },
    /** @returns how many are still under way after this time */
    async settle(withinMs: number, say: (line: string) => void): Promise<number> {
      let saidAt = Date.now();
      // A signal takes a moment until the ledger shows it.
      await delay(SETTLED_AFTER_MS);
      for (const deadline = Date.now() + withinMs; ; await delay(500)) {
        const left = await conversions.countDocuments(underWay);
        if (left === 0 || Date.now() > deadline) return left;
        if (Date.now() - saidAt < 15_000) continue;
        saidAt = Date.now();
        say(`${left} conversions are under way`);
      }
    },
    /** Every conversion by its id. */
    async all(): Promise<Map<string, Explanation>> {
      const found = await conversions.find().toArray();
      return new Map(found.map((conversion) => [conversion._id, conversion]));
    },
    close: () => client.close(),
  };
}
