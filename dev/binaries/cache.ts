import { chmod, copyFile, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The project's cache of executables, which all checkouts share. */

export async function firstExecutable(paths: string[]): Promise<string | undefined> {
  for (const path of paths) if (await isExecutable(path)) return path;
  return undefined;
}

export async function isExecutable(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return !!found?.isFile() && (found.mode & 0o111) !== 0;
}

/** A directory for each executable and version. */
export function cacheEntry(name: string, version: string, env = process.env): string {
  const home = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  const root = resolve(home, 'affiliate-conversion-tracking');
  return join(root, `${name}-${version}-${process.platform}-${process.arch}`);
}

/** The entry appears by one rename, so that no other process ever finds half of an executable. */
export async function addToCache(
  name: string,
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
