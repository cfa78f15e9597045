import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { addToCache, cacheEntry, firstExecutable } from '../../dev/binaries/cache.js';
import { MissingProgram } from './missing-program.js';

const run = promisify(execFile);

interface GoProgram {
  /** The file in the project's cache. */
  name: string;
  /** Such as `go.temporal.io/server/cmd/server`. */
  goPackage: string;
  version: string;
}

/**
 * The path of a program that exists as a Go module only. The first call builds it, which takes minutes.
 * @throws MissingProgram without Go
 */
export async function findGoBinary(
  { name, goPackage, version }: GoProgram,
  say: (line: string) => void,
): Promise<string> {
  const entry = cacheEntry(name, version);
  const cached = await firstExecutable([join(entry, name)]);
  if (cached) return cached;
  await run('go', ['version']).catch(() => {
    throw new MissingProgram(`go is not on PATH, and ${name} is built from its Go module`);
  });
  say(`${name}: building ${version} from its Go module, which takes minutes`);
  return addToCache(name, entry, async (directory) => {
    const env = { ...process.env, GOBIN: directory, CGO_ENABLED: '0' };
    await run('go', ['install', '-ldflags=-s -w', `${goPackage}@v${version}`], { env });
    return join(directory, basename(goPackage));
  });
}
