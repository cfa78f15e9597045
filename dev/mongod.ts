import { mkdir } from 'node:fs/promises';
import mongoose from 'mongoose';
import { findBinary } from './binaries/index.js';
import { type Child, type ChildFiles, startChild, untilReady } from './child.js';
import { neutralEnvironment } from './environment.js';
import { readableMongodLine } from './logs.js';
import { freePort, isListening } from './ports.js';

const REPLICA_SET = 'rs0';

type MongodOptions = { dbPath: string; port?: number; say: (line: string) => void } & ChildFiles;

/** One mongod as a replica set of one, since transactions need a replica set. Its journal survives SIGKILL. */
export async function startMongod({ dbPath, port, say, ...files }: MongodOptions) {
  const command = await findBinary('mongod', say);
  await mkdir(dbPath, { recursive: true });
  const chosenPort = port ?? (await freePort());
  const child = await startChild({
    name: 'mongod',
    command,
    args: mongodArgs(dbPath, chosenPort),
    env: neutralEnvironment(process.env),
    // It logs every step of its shutdown; a line of severity E or F says why it ended.
    isTelling: (line) => !/"s":"[IW]"/.test(line),
    readable: readableMongodLine,
    ...files,
  });
  await untilPrimary(child, chosenPort);
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
    // There is no other member that could take over on shutdown, so mongod need not wait for one.
    ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=0'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ];
}

async function untilPrimary(child: Child, port: number): Promise<void> {
  // A client retries only after half a second, so it waits until mongod listens.
  await untilReady(child, () => isListening(port));
  const client = new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    await untilReady(child, () => stepTowardsPrimary(client, `127.0.0.1:${port}`));
  } finally {
    await client.close();
  }
}

type ReplicaSetConfig = { version: number; members: { _id: number; host: string }[] };

/** Does the next step. Returns true once there is none left. */
async function stepTowardsPrimary(client: mongoose.mongo.MongoClient, host: string): Promise<boolean> {
  const admin = client.db('admin');
  const hello = await admin.command({ hello: 1 });
  if (hello.isWritablePrimary && hello.me === host) return true;

  const member = { _id: 0, host };
  const config = await client.db('local').collection<ReplicaSetConfig>('system.replset').findOne();
  if (!config) {
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [member] } });
  } else if (config.members[0]?.host !== host) {
    // Its port was another one last time, so mongod does not find itself among the members.
    const moved = { ...config, version: config.version + 1, members: [{ ...config.members[0], ...member }] };
    await admin.command({ replSetReconfig: moved, force: true });
  }
  return false;
}
