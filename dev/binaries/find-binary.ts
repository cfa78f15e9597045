import { delimiter, join, resolve } from 'node:path';
import { addToCache, cacheEntry, firstExecutable, isExecutable } from './cache.js';
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

/** The innermost error, and the last line of a command's standard error: fetch says only "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause, stderr } = error as Error & { stderr?: string };
  return cause ? reasonOf(cause) : stderr?.trim().split('\n').at(-1) || message;
}
