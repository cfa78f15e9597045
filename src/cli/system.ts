import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { CliConfig, Environment } from '../config.js';
import { DomainError } from '../domain/errors.js';
import type { Programme } from '../domain/programme/programme.js';
import type { Database } from '../mongo.js';
import { errorMessage } from '../operations/error-message.js';
import { nextCommand } from './next-command.js';
import type { Shell } from './shell.js';
import { UsageError } from './usage-error.js';

const DEFAULT_DATA_DIR = '.data';

const ENVIRONMENT = 'MONGODB_URI and TEMPORAL_ADDRESS';

export interface System {
  mongoUri: string;
  /** @throws ConfigError */
  temporal: () => Promise<CliConfig['temporal']>;
  /** Of PROGRAMME_FILE, as its processes read it. @throws ConfigError */
  programme: () => Promise<Programme>;
  /** The key of the API, of which users' ids are made. @throws ConfigError */
  userIdKey: () => Promise<string>;
  /** Where its addresses come from, as an operator would look them up. */
  source: string;
  /** Of a stack that `npm start` runs. Unknown where the environment names the system. */
  apiUrl?: string | undefined;
  workerUrl?: string | undefined;
}

/** What a command needs to find its system. */
interface Call extends Pick<Shell, 'environment' | 'invocation'> {
  dataDir?: string | undefined;
}

/**
 * Finds the system that a command is for: the one that the environment names, or the stack that `npm start` describes
 * in its directory, if `--data-dir` names it or the environment names no database.
 * @throws UsageError, ConfigError
 */
export async function findSystem(dataDir: string | undefined, environment: Environment): Promise<System> {
  if (dataDir === undefined && environment.MONGODB_URI)
    return { ...(await systemOf(environment)), source: ENVIRONMENT };
  const file = join(dataDir ?? DEFAULT_DATA_DIR, 'stack.json');
  const { mongoUri, temporalAddress, programmeFile, ...stack } = await readStack(file);
  const system = await systemOf({
    MONGODB_URI: mongoUri,
    TEMPORAL_ADDRESS: temporalAddress,
    PROGRAMME_FILE: programmeFile,
    // A key that is a secret is in the environment alone.
    USER_ID_KEY: stack.userIdKey ?? environment.USER_ID_KEY,
  });
  const workerUrl = stack.workerMetricsUrl?.replace(/\/metrics$/, '');
  return { ...system, source: file, apiUrl: stack.apiUrl, workerUrl };
}

/** The whole configuration takes longer to load than MongoDB to answer: only Temporal, or a wrong value, needs it. */
async function systemOf(variables: Environment) {
  const load = async () => (await import('../config.js')).loadCliConfig(variables);
  const { MONGODB_URI = '', PROGRAMME_FILE } = variables;
  const mongoUri = /^mongodb(\+srv)?:\/\//.test(MONGODB_URI) ? MONGODB_URI : (await load()).mongoUri;
  return {
    mongoUri,
    temporal: async () => (await load()).temporal,
    programme: async () => (await import('../programme-file.js')).loadProgramme(PROGRAMME_FILE || undefined),
    userIdKey: async () => (await import('../config.js')).loadUserIdKey(variables),
  };
}

async function readStack(file: string): Promise<Record<string, string | undefined>> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw noStack(`there is no ${file}`);
  const { pid, mongoUri, temporalAddress, ...urls } = parseStack(text);
  if (typeof mongoUri !== 'string' || typeof temporalAddress !== 'string')
    throw new UsageError(`${file} is not readable: stop the stack and start it again.`);
  if (!isAlive(Number(pid))) throw noStack(`the one of ${file} has ended`);
  return { mongoUri, temporalAddress, ...urls };
}

function parseStack(text: string): Record<string, string | undefined> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function noStack(why: string): UsageError {
  return new UsageError(
    `No stack runs here: ${why}. Start one with npm start, name its --data-dir, or set MONGODB_URI and TEMPORAL_ADDRESS.`,
  );
}

/** A stack that was killed leaves its file behind. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export function addressOf({ connectionOptions }: CliConfig['temporal']): string {
  return connectionOptions.address ?? '127.0.0.1:7233';
}

/** Runs `work` with the ledger's database, and closes it. A command that needs no more works while Temporal is away. */
export async function withLedger<T>(
  call: Call,
  work: (db: Database, system: System) => Promise<T>,
  known?: System,
): Promise<T> {
  const system = known ?? (await findSystem(call.dataDir, call.environment));
  const { openDatabase } = await import('../mongo.js');
  const db = await openDatabase(system.mongoUri, { createIndexes: false }).catch((error: Error) => {
    throw new Error(`${error.message}\n${advice(call, system)}`, { cause: error });
  });
  try {
    return await work(db, system);
  } finally {
    await db.close();
  }
}

/** Runs `work` with Temporal's client, which connects on first use, and closes it. */
export async function withTemporal<T>(
  call: Call,
  work: (temporal: Client) => Promise<T>,
  known?: System,
): Promise<T> {
  const system = known ?? (await findSystem(call.dataDir, call.environment));
  const [{ createTemporalClient }, { isTemporalError }] = await Promise.all([
    import('../temporal/client.js'),
    import('../temporal/service-error.js'),
  ]);
  const config = await system.temporal();
  const temporal = createTemporalClient(config);
  try {
    return await work(temporal);
  } catch (error) {
    if (isTemporalError(error))
      throw new Error(`${errorMessage(error)}\n${advice(call, system)}`, { cause: error });
    if (!(error instanceof DomainError) || error.code !== 'temporal_unavailable') throw error;
    const where = `It was asked at ${addressOf(config)}. Check TEMPORAL_ADDRESS.`;
    throw new DomainError(error.code, `${error.message} ${where}\n${advice(call, system)}`, { cause: error });
  } finally {
    await temporal.connection.close();
  }
}

export async function withSystem<T>(
  call: Call,
  work: (system: { db: Database; temporal: Client }) => Promise<T>,
): Promise<T> {
  const system = await findSystem(call.dataDir, call.environment);
  return withTemporal(call, (temporal) => withLedger(call, (db) => work({ db, temporal }), system), system);
}

function advice(call: Call, { source }: System): string {
  const doctor = `To check each connection: ${nextCommand(call, 'doctor')}`;
  return source === ENVIRONMENT ? doctor : `The address is that of ${source}: does npm start run? ${doctor}`;
}
