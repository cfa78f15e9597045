import type { Client } from '@temporalio/client';
import { type Database, openDatabase } from '../mongo.js';
import { createTemporalClient } from '../temporal/client.js';
import { findSystem } from './environment.js';
import type { Shell } from './shell.js';

/** Runs `work` with Temporal's client, and closes it. The directory or the environment names the system. */
export async function withTemporal<T>(
  { environment }: Shell,
  dataDir: string | undefined,
  work: (temporal: Client) => Promise<T>,
): Promise<T> {
  const config = await findSystem(dataDir, environment);
  const temporal = createTemporalClient(config.temporal);
  try {
    return await work(temporal);
  } finally {
    await temporal.connection.close();
  }
}

export async function withDatabase<T>(
  { environment }: Shell,
  dataDir: string | undefined,
  work: (db: Database) => Promise<T>,
): Promise<T> {
  const { mongoUri } = await findSystem(dataDir, environment);
  const db = await openDatabase(mongoUri);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

export function withSystem<T>(
  shell: Shell,
  dataDir: string | undefined,
  work: (system: { db: Database; temporal: Client }) => Promise<T>,
): Promise<T> {
  return withDatabase(shell, dataDir, (db) =>
    withTemporal(shell, dataDir, (temporal) => work({ db, temporal })),
  );
}
