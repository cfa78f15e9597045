import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import mongoose from 'mongoose';
import { findBinary } from './binaries/index.js';
import { type Child, startChild, untilReady } from './child.js';
import { freePort, isListening } from './ports.js';

type MongoClient = InstanceType<typeof mongoose.mongo.MongoClient>;

const { MongoClient, MongoServerError } = mongoose.mongo;

const REPLICA_SET = 'rs0';

// https://www.mongodb.com/docs/manual/reference/error-codes
const NOT_YET_INITIALIZED = 94;

export type MongodOptions = {
  dbPath: string;
  port?: number;
  logFile?: string;
  say: (line: string) => void;
};

/** How long the mongod of a process that was killed may take to let go of its files. */
const RELEASE_TIMEOUT_MS = 20_000;

/** One mongod as a replica set of one, since transactions need a replica set. Survives SIGKILL by its journal. */
export async function startMongod({ dbPath, port, logFile, say }: MongodOptions) {
  const command = await findBinary('mongod', say);
  await mkdir(dbPath, { recursive: true });
  const chosenPort = port ?? (await freePort());
  const start = () => startPrimary({ command, dbPath, port: chosenPort, logFile });
  const child = await start().catch(async (error: Error) => {
    if (!isInUse(error)) throw error;
    say(`mongod: waiting for the previous one to let go of ${dbPath}`);
    return retryWhileInUse(start);
  });
  return {
    uri: `mongodb://127.0.0.1:${chosenPort}/?replicaSet=${REPLICA_SET}`,
    port: chosenPort,
    child,
    stop: () => child.stop(),
  };
}

async function retryWhileInUse(start: () => Promise<Child>): Promise<Child> {
  const deadline = Date.now() + RELEASE_TIMEOUT_MS;
  for (;;) {
    await delay(200);
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof Error && isInUse(error)) || Date.now() > deadline) throw error;
    }
  }
}

function isInUse(error: Error): boolean {
  return error.message.includes('DBPathInUse');
}

type Launch = { command: string; dbPath: string; port: number; logFile: string | undefined };

async function startPrimary({ command, dbPath, port, logFile }: Launch): Promise<Child> {
  const child = await startChild({
    name: 'mongod',
    command,
    args: mongodArgs(dbPath, port),
    // Its last words of severity I are always the same farewell.
    isTelling: (line) => !line.includes('"s":"I"'),
    ...(logFile && { logFile }),
  });
  await becomePrimary(child, port);
  return child;
}

function mongodArgs(dbPath: string, port: number): string[] {
  return [
    ...['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', REPLICA_SET],
    ...['--wiredTigerCacheSizeGB', '0.25', '--nounixsocket', '--quiet'],
    // No other member takes over, so nobody gains from waiting for one on shutdown.
    ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=0'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ];
}

async function becomePrimary(child: Child, port: number): Promise<void> {
  // A client tries again only after half a second, so it is kept away until somebody listens.
  await untilReady(child, () => isListening(port));
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    await untilReady(child, () => stepTowardsPrimary(client, `127.0.0.1:${port}`));
  } finally {
    await client.close();
  }
}

/** Does what is missing at this moment, and says whether nothing is. */
async function stepTowardsPrimary(client: MongoClient, host: string): Promise<boolean> {
  const admin = client.db('admin');
  const hello = await admin.command({ hello: 1 });
  if (hello.isWritablePrimary && hello.me === host) return true;

  const member = { _id: 0, host };
  const config = await readConfig(client);
  if (!config) {
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [member] } });
  } else if (config.members[0]?.host !== host) {
    // It was on another port last time, so it does not find itself among the members.
    const moved = { ...config, version: config.version + 1, members: [{ ...config.members[0], ...member }] };
    await admin.command({ replSetReconfig: moved, force: true });
  }
  return false;
}

type ReplicaSetConfig = { version: number; members: { _id: number; host: string }[] };

async function readConfig(client: MongoClient): Promise<ReplicaSetConfig | undefined> {
  try {
    return (await client.db('admin').command({ replSetGetConfig: 1 })).config;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NOT_YET_INITIALIZED) return undefined;
    throw error;
  }
}
