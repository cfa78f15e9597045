import type { Connection } from 'mongoose';

/** One command of MongoDB, as its profiler saw it. */
export interface Profiled {
  /** `find`, `getMore`, `aggregate`, `update` … */
  command: string;
  /** Such as `IXSCAN { status: 1 }`, or `COLLSCAN`. */
  plan: string;
  keysExamined: number;
  docsExamined: number;
  returned: number;
  sortsInMemory: boolean;
}

type Database = { conversions: { db: Connection } };

/** The commands that `work` sends to a collection. Only for databases of tests and measurements: it profiles all of them. */
export async function profileMongodb(
  { conversions: { db: connection } }: Database,
  work: () => Promise<unknown>,
  collection = 'conversions',
): Promise<Profiled[]> {
  const { db } = connection;
  if (!db) throw new Error('not connected');
  await db.command({ profile: 0 });
  await db.collection('system.profile').drop();
  await db.command({ profile: 2 });
  try {
    await work();
  } finally {
    await db.command({ profile: 0 });
  }
  const entries = await db
    .collection('system.profile')
    .find({ ns: `${db.databaseName}.${collection}` })
    .toArray();
  return entries.map((entry) => ({
    command: Object.keys(entry.command ?? {})[0] ?? entry.op,
    plan: entry.planSummary ?? '',
    keysExamined: entry.keysExamined ?? 0,
    docsExamined: entry.docsExamined ?? 0,
    returned: entry.nreturned ?? 0,
    sortsInMemory: entry.hasSortStage === true,
  }));
}
