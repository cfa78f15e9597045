import { type Database, openDatabase } from '../../src/mongo.js';
import { conversionOf, USERS_SHARE, userOf } from './ledger.js';

const BATCH = 2_000;
const IN_FLIGHT = 3;

/**
 * A database with so many conversions, and the indexes of the product. They are made afterwards, which takes half the time of keeping
 * them while the documents come in.
 */
export async function seedLedger(uri: string, size: number, now: number): Promise<Database> {
  const filling = await openDatabase(uri, { createIndexes: false });
  try {
    await fill(filling.conversions, size, (index) => conversionOf(index, size, now));
    const users = Math.ceil(size * USERS_SHARE) + 2;
    await fill(filling.users, users, (index) => userOf(index, size, now));
  } finally {
    await filling.close();
  }
  return openDatabase(uri);
}

type Collection = (Database['conversions'] | Database['users'])['collection'];

async function fill(
  { collection }: { collection: Collection },
  count: number,
  documentOf: (index: number) => object,
) {
  let next = 0;
  const insert = async () => {
    while (next < count) {
      const first = next;
      next = Math.min(count, first + BATCH);
      const documents = Array.from({ length: next - first }, (_, offset) => documentOf(first + offset));
      await collection.insertMany(documents as never[], { ordered: false, writeConcern: { w: 1 } });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, insert));
}
