import { access, constants, stat } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { createCache } from './cache.js';
import { type BinaryName, PINS } from './pins.js';
import { type Source, sourcesOf } from './sources.js';

type Say = (line: string) => void;

/**
 * The absolute path of an executable: the one named in the environment, the one on PATH, the project's cache,
 * and only then a download, which is verified and kept in the cache.
 */
export async function findBinary(
  name: BinaryName,
  say: Say,
  { env = process.env, sources = sourcesOf(name) }: { env?: NodeJS.ProcessEnv; sources?: Source[] } = {},
): Promise<string> {
  return (
    (await namedInEnvironment(name, env)) ??
    (await onPath(name, env, say)) ??
    (await inCache(name, env, sources)) ??
    (await download(name, env, sources, say))
  );
}

async function namedInEnvironment(name: BinaryName, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { envVariable } = PINS[name];
  const path = env[envVariable];
  if (!path) return undefined;
  if (await isExecutable(path)) return resolve(path);
  throw new Error(`${envVariable} is ${path}, which is not an executable file. Correct or unset it.`);
}

/** Whatever version that is: somebody has chosen it. */
async function onPath(name: BinaryName, env: NodeJS.ProcessEnv, say: Say): Promise<string | undefined> {
  for (const directory of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = resolve(directory, name);
    if (!(await isExecutable(path))) continue;
    say(`${name}: using ${path}, which is on PATH`);
    return path;
  }
  return undefined;
}

async function inCache(
  name: BinaryName,
  env: NodeJS.ProcessEnv,
  sources: Source[],
): Promise<string | undefined> {
  const cache = createCache(env);
  for (const { version } of sources) {
    const path = await cache.read(name, version);
    if (path) return path;
  }
  return undefined;
}

async function download(
  name: BinaryName,
  env: NodeJS.ProcessEnv,
  sources: Source[],
  say: Say,
): Promise<string> {
  const cache = createCache(env);
  const failures: string[] = [];
  for (const { title, version, fetch } of sources) {
    say(`${name}: downloading ${version} from ${title}`);
    try {
      return await cache.add(name, version, fetch);
    } catch (error) {
      const failure = `${title}: ${reasonOf(error)}`;
      say(`${name}: not from ${failure}`);
      failures.push(failure);
    }
  }
  throw new Error(whatToDo(name, failures));
}

function whatToDo(name: BinaryName, failures: string[]): string {
  const { install, envVariable } = PINS[name];
  const tried = failures.length > 0 ? failures : [`no download for ${process.platform}-${process.arch}`];
  return [
    `${name} is not on this machine and could not be downloaded:`,
    ...tried.map((failure) => `  ${failure}`),
    `Install ${install} so that ${name} is on PATH, or set ${envVariable} to its path.`,
  ].join('\n');
}

/** The first line of the innermost error: fetch says only "fetch failed", and pip's stderr is long. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause) return reasonOf(error.cause);
  const stderr = 'stderr' in error ? String(error.stderr).trim() : '';
  return stderr.split('\n').at(-1) || error.message;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
