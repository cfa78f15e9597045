import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { startMongod } from '../../dev/mongod.js';
import { createSay, stopAfterTest, tempDir } from './support.js';

test('keeps its data over SIGKILL, and over a restart on another port', async () => {
  const options = { dbPath: await tempDir(), say: createSay().say };
  const first = stopAfterTest(await startMongod(options));
  await withCollection(first.uri, (collection) => collection.insertOne({ name: 'kept' }));
  first.child.kill();

  const second = stopAfterTest(await startMongod(options));

  expect(second.port).not.toBe(first.port);
  const found = await withCollection(second.uri, (collection) => collection.findOne({ name: 'kept' }));
  expect(found).toMatchObject({ name: 'kept' });
});

test('waits for a mongod that is still ending on the same data', async () => {
  const { say, lines } = createSay();
  const dbPath = await tempDir();
  const first = await startMongod({ dbPath, say });

  const starting = startMongod({ dbPath, say });
  await expect.poll(() => lines).toContainEqual(expect.stringContaining('waiting for the previous one'));
  await first.stop();

  const second = stopAfterTest(await starting);
  await withCollection(second.uri, (collection) => collection.insertOne({}));
});

type Collection = mongoose.mongo.Collection;

/** In a transaction, as only a primary of a replica set has them. */
async function withCollection<T>(uri: string, use: (collection: Collection) => Promise<T>): Promise<T> {
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: 5_000 });
  try {
    return await client.withSession((session) =>
      session.withTransaction(() => use(client.db('test').collection('things'))),
    );
  } finally {
    await client.close();
  }
}
