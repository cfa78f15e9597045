import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/mongo.js';

export function freshMongoUri(): string {
  const name = `test-${randomUUID().slice(0, 8)}`;
  return `mongodb://127.0.0.1:${inject('mongoPort')}/${name}?replicaSet=rs0`;
}

/** A database of the file's own, on the run's mongod. */
export function openFreshDatabase(): Promise<Database> {
  return openDatabase(freshMongoUri());
}
