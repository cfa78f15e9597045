import { chmod, copyFile, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { type Download, downloadsOf } from './download.js';
import { type BinaryName, PINS } from './pins.js';
import { createProgress } from './progress.js';

type Options = { env?: NodeJS.ProcessEnv; downloads?: Download[] };

/**
 * The absolute path of an executable: the path that the environment names, the one on PATH, the project's cache, and
 * only then a download, which stays in the cache.
 */
export async function findBinary(
  name: BinaryName,
  say: (line: string) => void,
  { env = process.env, downloads = downloadsOf(name) }: Options = {},
): Promise<string> {
  const { envVariable, install } = PINS[name];
  const named = env[envVariable];
  if (named && (await isExecutable(named))) return resolve(named);
  if (named)
    throw new Error(`${envVariable} is ${named}, which is not an executable file. Correct or unset it.`);

  const directories = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const onPath = await firstExecutable(directories.map((directory) => resolve(directory, name)));
  // In any version: a person has installed it.
  if (onPath) say(`${name}: using ${onPath}, which is on PATH`);
  const entryOf = ({ version }: Download) => cacheEntry(name, version, env);
  const found = onPath ?? (await firstExecutable(downloads.map((each) => join(entryOf(each), name))));
  if (found) return found;

  const failures: string[] = [];
  for (const each of downloads) {
    say(`${name}: downloading ${each.version} from ${each.title}`);
    const progress = createProgress(name, say);
    try {
      const path = await addToCache(name, entryOf(each), (scratch) => each.fetch(scratch, progress.report));
      progress.complete();
      return path;
    } catch (error) {
      progress.stop();
      failures.push(`  ${each.title}: ${reasonOf(error)}`);
      say(`${name}: no download from ${failures.at(-1)?.trim()}`);
    }
  }
  const toDo = `Install ${install} so that ${name} is on PATH, or set ${envVariable} to its path.`;
  throw new Error(
    [`${name} is not on this machine and could not be downloaded:`, ...failures, toDo].join('\n'),
  );
}

async function firstExecutable(paths: string[]): Promise<string | undefined> {
  for (const path of paths) if (await isExecutable(path)) return path;
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return !!found?.isFile() && (found.mode & 0o111) !== 0;
}

/** A directory for each executable and version. */
function cacheEntry(name: BinaryName, version: string, env: NodeJS.ProcessEnv): string {
  const home = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  const root = resolve(home, 'affiliate-conversion-tracking');
  return join(root, `${name}-${version}-${process.platform}-${process.arch}`);
}

/** The entry appears by one rename, so that no other process ever finds half of an executable. */
async function addToCache(
  name: BinaryName,
  entry: string,
  fetch: (directory: string) => Promise<string>,
): Promise<string> {
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
