import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import { type CliConfig, type Environment, loadCliConfig } from '../config.js';
import { type Database, openDatabase } from '../mongo.js';
import { createTemporalClient } from '../temporal/client.js';
import { UsageError } from './command-arguments.js';
import type { Shell } from './shell.js';

const DEFAULT_DATA_DIR = '.data';

const stackSchema = z.object({ mongoUri: z.string(), temporalAddress: z.string() });

/**
 * Finds the system that a command is for: the one that the environment names, or the stack that `npm start` describes
 * in its directory, if `--data-dir` names it or the environment names no database.
 * @throws UsageError, ConfigError
 */
export async function findSystem(dataDir: string | undefined, environment: Environment): Promise<CliConfig> {
  if (dataDir === undefined && environment.MONGODB_URI) return loadCliConfig(environment);
  const stack = await readStack(dataDir ?? DEFAULT_DATA_DIR);
  return loadCliConfig({ MONGODB_URI: stack.mongoUri, TEMPORAL_ADDRESS: stack.temporalAddress });
}

async function readStack(dataDir: string) {
  const file = join(dataDir, 'stack.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined)
    throw new UsageError(
      `No stack runs on ${dataDir}. Start one with npm start, name its --data-dir, or set MONGODB_URI and TEMPORAL_ADDRESS.`,
    );
  try {
    return stackSchema.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${file} is not readable: stop the stack and start it again.`);
  }
}

/** Runs `work` with Temporal's client, which connects on first use, and closes it. */
export async function withTemporal<T>(
  { environment }: Shell,
  dataDir: string | undefined,
  work: (temporal: Client, config: CliConfig) => Promise<T>,
): Promise<T> {
  const config = await findSystem(dataDir, environment);
  const temporal = createTemporalClient(config.temporal);
  try {
    return await work(temporal, config);
  } finally {
    await temporal.connection.close();
  }
}

/** The same, with the database. A command that reads the ledger alone works while Temporal is down. */
export function withSystem<T>(
  shell: Shell,
  dataDir: string | undefined,
  work: (system: { db: Database; temporal: Client }) => Promise<T>,
): Promise<T> {
  return withTemporal(shell, dataDir, async (temporal, { mongoUri }) => {
    const db = await openDatabase(mongoUri);
    try {
      return await work({ db, temporal });
    } finally {
      await db.close();
    }
  });
}
