import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { sha256Of } from './sha256.js';

export type Cache = ReturnType<typeof createCache>;

/**
 * Executables by name and version, each in a directory with the SHA-256 it had when it was put there. An entry
 * appears and disappears by one rename, so finders in other processes never see half of one.
 */
export function createCache(env: NodeJS.ProcessEnv) {
  const home = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  const root = resolve(home, 'affiliate-conversion-tracking');
  const entryOf = (name: string, version: string) =>
    join(root, `${name}-${version}-${process.platform}-${process.arch}`);

  return {
    /** The executable, if it is there and unchanged; a changed one is thrown away. */
    async read(name: string, version: string): Promise<string | undefined> {
      const entry = entryOf(name, version);
      const recorded = await readFile(join(entry, 'sha256'), 'utf8').catch(() => undefined);
      if (recorded === undefined) return undefined;
      const executable = join(entry, name);
      if ((await sha256Of(executable).catch(() => undefined)) === recorded) return executable;
      await moveAway(root, entry);
      return undefined;
    },

    /** Lets `fetch` put an executable into a scratch directory, then makes it the entry. */
    async add(name: string, version: string, fetch: (directory: string) => Promise<string>): Promise<string> {
      await mkdir(root, { recursive: true });
      const scratch = await mkdtemp(join(root, 'incoming-'));
      try {
        const complete = join(scratch, 'entry');
        await mkdir(complete);
        await rename(await fetch(scratch), join(complete, name));
        await chmod(join(complete, name), 0o755);
        await writeFile(join(complete, 'sha256'), await sha256Of(join(complete, name)));
        return await publish(complete, entryOf(name, version), name);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  };
}

/** Another process may have published the same entry a moment ago; one is as good as the other. */
async function publish(complete: string, entry: string, name: string): Promise<string> {
  await rename(complete, entry).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  return join(entry, name);
}

async function moveAway(root: string, entry: string): Promise<void> {
  const bin = await mkdtemp(join(root, 'changed-'));
  await rename(entry, join(bin, 'entry')).catch(() => undefined);
  await rm(bin, { recursive: true, force: true });
}
