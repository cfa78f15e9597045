import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { claimProcessFile, isStackRunning } from './process-file.js';

export type StackInfo = {
  apiUrl: string;
  /** Internal: for Prometheus. */
  apiMetricsUrl: string;
  workerMetricsUrl: string;
  /** Absent if nothing signs managers in. */
  consoleUrl?: string;
  temporalAddress: string;
  /** Unknown if Temporal is not the embedded one. */
  temporalUiUrl?: string;
  mongoUri: string;
  issuerUrl: string;
  impactUrl: string;
  /** Of another programme than the built-in one. */
  programmeFile?: string;
  /** The key of users' ids, unless the environment has a secret one. */
  userIdKey?: string;
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
    processes: join(root, 'processes.jsonl'),
    log: (name: string) => join(root, 'logs', `${name}.log`),
  };
}

/**
 * The addresses of the stack that runs on the directory. A killed one has left its file, but its ports may be another
 * stack's by now.
 * @throws Error that says how to start one
 */
export async function readStackInfo(directory: string): Promise<StackInfo> {
  const { stackInfo, processes } = pathsIn(directory);
  const text = await readFile(stackInfo, 'utf8').catch(() => undefined);
  if (text === undefined || !isStackRunning(processes))
    throw new Error(
      `No stack runs on ${directory}. Start one with npm start, or name the --data-dir of another.`,
    );
  return JSON.parse(text) as StackInfo;
}

/**
 * Makes this process the only stack on the directory, until it releases the directory or ends. The directory holds users'
 * data and the issuer's key, so only its owner may read it: this process and its children create all files that way.
 */
export async function claimDataDir(directory: string, say: (line: string) => void) {
  const paths = pathsIn(directory);
  process.umask(0o077);
  await mkdir(join(paths.root, 'logs'), { recursive: true });
  await chmod(paths.root, 0o700);
  await claimProcessFile(paths.processes, say);
  return {
    ...paths,
    /** Where a child of this name leaves its traces. */
    filesOf: (name: string) => ({ logFile: paths.log(name), processFile: paths.processes }),
    publish: (info: StackInfo) =>
      writeAtomically(paths.stackInfo, `${JSON.stringify({ pid: process.pid, ...info }, null, 2)}\n`),
    async release() {
      for (const path of [paths.stackInfo, paths.processes]) await rm(path, { force: true });
    },
  };
}

/** A reader, or a crash, sees the old content or the new one, never a half. */
export async function writeAtomically(path: string, content: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, path);
}
