import { mkdir } from 'node:fs/promises';
import mongoose from 'mongoose';
import { findBinary } from './binaries/index.js';
import { type Child, type ChildOptions, startChild, untilReady } from './child.js';
import { neutralEnvironment } from './environment.js';
import { freePort, isListening } from './ports.js';
import { retryWhileInUse } from './retry-while-in-use.js';

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

/** One mongod as a replica set of one, since transactions need a replica set. Survives SIGKILL by its journal. */
export async function startMongod({ dbPath, port, logFile, say }: MongodOptions) {
  const command = await findBinary('mongod', say);
  await mkdir(dbPath, { recursive: true });
  const chosenPort = port ?? (await freePort());
  const options: ChildOptions = {
    name: 'mongod',
    command,
    args: mongodArgs(dbPath, chosenPort),
    env: neutralEnvironment(process.env),
    // It logs every step of its shutdown; why it ended is in a line of severity E or F.
    isTelling: (line) => !/"s":"[IW]"/.test(line),
    ...(logFile && { logFile }),
  };
  const child = await retryWhileInUse(() => startPrimary(options, chosenPort), {
    sign: /DBPathInUse/,
    onWait: () => say(`mongod: waiting for the previous one to let go of ${dbPath}`),
  });
  return {
    uri: `mongodb://127.0.0.1:${chosenPort}/?replicaSet=${REPLICA_SET}`,
    port: chosenPort,
    child,
    stop: () => child.stop(),
  };
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

async function startPrimary(options: ChildOptions, port: number): Promise<Child> {
  const child = await startChild(options);
  // A client tries again only after half a second, so it is kept away until somebody listens.
  await untilReady(child, () => isListening(port));
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    await untilReady(child, () => stepTowardsPrimary(client, `127.0.0.1:${port}`));
  } finally {
    await client.close();
  }
  return child;
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
