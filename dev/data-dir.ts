import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isListening } from './ports.js';
import { writeAtomically } from './write-atomically.js';

export type StackInfo = {
  apiUrl: string;
  /** Internal: for Prometheus. */
  apiMetricsUrl: string;
  workerMetricsUrl: string;
  temporalAddress: string;
  /** Unknown where Temporal is not the embedded one. */
  temporalUiUrl?: string;
  mongoUri: string;
  issuerUrl: string;
  impactUrl: string;
};

export type DataDir = Awaited<ReturnType<typeof claimDataDir>>;

export function pathsIn(directory: string) {
  const root = resolve(directory);
  return {
    root,
    mongod: join(root, 'mongod'),
    temporalDb: join(root, 'temporal.db'),
    issuerKey: join(root, 'issuer-key.json'),
    stackInfo: join(root, 'stack.json'),
    log: (name: string) => join(root, 'logs', `${name}.log`),
  };
}

/** The running stack's addresses, or those of one that was killed. */
export async function readStackInfo(directory: string): Promise<StackInfo | undefined> {
  const text = await readFile(pathsIn(directory).stackInfo, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as StackInfo);
}

/** Makes this process the only stack on the directory, until it is released or the process ends. */
export async function claimDataDir(directory: string) {
  const paths = pathsIn(directory);
  await mkdir(join(paths.root, 'logs'), { recursive: true });
  const lock = await lockPathOf(paths.root);
  if (await isListening(lock)) {
    throw new Error(`A stack already runs on ${paths.root}. Stop it first, or say another --data-dir.`);
  }
  await rm(lock, { force: true });
  const server = createServer().listen(lock);
  await once(server, 'listening');
  return {
    ...paths,
    publish: (info: StackInfo) => writeAtomically(paths.stackInfo, `${JSON.stringify(info, null, 2)}\n`),
    async release() {
      await rm(paths.stackInfo, { force: true });
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/**
 * A socket is a lock that the kernel opens when its holder is killed, which a file with a process id is not. It
 * is not in the directory itself, whose path may be longer than the 103 bytes that a socket's may have.
 */
async function lockPathOf(root: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await realpath(root))
    .digest('hex');
  return join(tmpdir(), `affiliate-stack-${hash.slice(0, 16)}.sock`);
}
