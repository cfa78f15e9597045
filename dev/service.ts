import { join } from 'node:path';
import { type ChildFiles, startChild, untilReady } from './child.js';
import { readable } from './logs.js';

const PROJECT_ROOT = join(import.meta.dirname, '..');

export type ServiceOptions = {
  name: string;
  /** Relative to the project, or absolute: TypeScript, or JavaScript of a build. */
  entry: string;
  env: NodeJS.ProcessEnv;
  /** Gets each line of its log. */
  onLine?: (line: string) => void;
} & ChildFiles;

/** Runs one of the project's process entries, until it reports that it is ready on its PORT. */
export async function startService({ name, entry, env, ...options }: ServiceOptions) {
  const child = await startChild({
    name,
    command: process.execPath,
    args: entry.endsWith('.ts') ? ['--import', 'tsx', entry] : [entry],
    cwd: PROJECT_ROOT,
    env,
    readable,
    ...options,
  });
  await untilReady(child, () => answersReady(`http://127.0.0.1:${env.PORT}/readyz`));
  return { child, stop: () => child.stop() };
}

async function answersReady(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  return response.ok;
}
