import mongoose from 'mongoose';
import { expect, test } from 'vitest';
import { startMongod } from '../../dev/mongod.js';
import { createSay, stopAfterTest, tempDir } from './support.js';

test('keeps its data over SIGKILL, and over a restart on another port', async () => {
  const options = { dbPath: await tempDir(), say: createSay().say };
  const first = stopAfterTest(await startMongod(options));
  await withCollection(first.uri, (collection) => collection.insertOne({ name: 'kept' }));
  first.child.kill();
  await first.child.exited;

  const second = stopAfterTest(await startMongod(options));

  expect(second.port).not.toBe(first.port);
  const found = await withCollection(second.uri, (collection) => collection.findOne({ name: 'kept' }));
  expect(found).toMatchObject({ name: 'kept' });

  const rival = startMongod(options);
  await expect(rival).rejects.toThrow(/^mongod ended unexpectedly .*DBPathInUse/s);
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
