import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first of the names that is on PATH. */
export function findExecutable(env: NodeJS.ProcessEnv, ...names: string[]): string | undefined {
  const directories = env.PATH?.split(delimiter) ?? [];
  return directories.flatMap((directory) => names.map((name) => join(directory, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
