import { chmod, copyFile, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { type Download, downloadsOf } from './download.js';
import { type BinaryName, PINS } from './pins.js';

type Say = (line: string) => void;

/**
 * The absolute path of an executable: the path that the environment names, the one on PATH, the project's cache, and
 * only then a download, which stays in the cache.
 */
export async function findBinary(
  name: BinaryName,
  say: Say,
  {
    env = process.env,
    downloads = downloadsOf(name),
  }: { env?: NodeJS.ProcessEnv; downloads?: Download[] } = {},
): Promise<string> {
  return (
    (await namedInEnvironment(name, env)) ??
    (await onPath(name, env, say)) ??
    (await inCache(name, env, downloads)) ??
    (await download(name, env, downloads, say))
  );
}

async function namedInEnvironment(name: BinaryName, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { envVariable } = PINS[name];
  const path = env[envVariable];
  if (!path) return undefined;
  if (await isExecutable(path)) return resolve(path);
  throw new Error(`${envVariable} is ${path}, which is not an executable file. Correct or unset it.`);
}

/** In any version: a person has installed it. */
async function onPath(name: BinaryName, env: NodeJS.ProcessEnv, say: Say): Promise<string | undefined> {
  for (const directory of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = resolve(directory, name);
    if (!(await isExecutable(path))) continue;
    say(`${name}: using ${path}, which is on PATH`);
    return path;
  }
  return undefined;
}

async function inCache(name: BinaryName, env: NodeJS.ProcessEnv, downloads: Download[]) {
  for (const { version } of downloads) {
    const path = join(cacheEntry(name, version, env), name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

function isExecutable(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile() && (found.mode & 0o111) !== 0,
    () => false,
  );
}

/** A directory for each executable and version. */
function cacheEntry(name: BinaryName, version: string, env: NodeJS.ProcessEnv): string {
  const home = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  const root = resolve(home, 'affiliate-conversion-tracking');
  return join(root, `${name}-${version}-${process.platform}-${process.arch}`);
}

async function download(
  name: BinaryName,
  env: NodeJS.ProcessEnv,
  downloads: Download[],
  say: Say,
): Promise<string> {
  const failures: string[] = [];
  for (const { title, version, fetch } of downloads) {
    say(`${name}: downloading ${version} from ${title}`);
    try {
      return await addToCache(name, cacheEntry(name, version, env), fetch);
    } catch (error) {
      failures.push(`  ${title}: ${reasonOf(error)}`);
      say(`${name}: no download from ${failures.at(-1)?.trim()}`);
    }
  }
  const { install, envVariable } = PINS[name];
  const toDo = `Install ${install} so that ${name} is on PATH, or set ${envVariable} to its path.`;
  throw new Error(
    [`${name} is not on this machine and could not be downloaded:`, ...failures, toDo].join('\n'),
  );
}

/** The entry appears by one rename, so that no other process ever finds half of an executable. */
async function addToCache(name: BinaryName, entry: string, fetch: Download['fetch']): Promise<string> {
  await mkdir(resolve(entry, '..'), { recursive: true });
  const scratch = await mkdtemp(`${entry}.incoming-`);
  try {
    const complete = join(scratch, 'complete');
    await mkdir(complete);
    await copyFile(await fetch(scratch), join(complete, name));
    await chmod(join(complete, name), 0o755);
    await rename(complete, entry).catch((error: NodeJS.ErrnoException) => {
      // Another process has added the same entry a moment ago.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    return join(entry, name);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The innermost error, and the last line of a command's standard error: fetch says only "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause, stderr } = error as Error & { stderr?: string };
  return cause ? reasonOf(cause) : stderr?.trim().split('\n').at(-1) || message;
}
