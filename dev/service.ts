import { join } from 'node:path';
import { type ChildFiles, startChild, untilReady } from './child.js';

const PROJECT_ROOT = join(import.meta.dirname, '..');

export type ServiceOptions = {
  name: string;
  /** Relative to the project, or absolute: TypeScript, or JavaScript of a build. */
  entry: string;
  env: NodeJS.ProcessEnv;
  say: (line: string) => void;
} & ChildFiles;

/** Runs one of the project's process entries, until it reports that it is ready on its PORT. */
export async function startService({ name, entry, env, say, ...files }: ServiceOptions) {
  const child = await startChild({
    name,
    command: process.execPath,
    args: entry.endsWith('.ts') ? ['--import', 'tsx', entry] : [entry],
    cwd: PROJECT_ROOT,
    env,
    ...files,
    onLine: (line) => {
      const problem = problemIn(line);
      if (problem) say(`${name}: ${problem}`);
    },
  });
  await untilReady(child, () => answersReady(`http://127.0.0.1:${env.PORT}/readyz`));
  return { child, stop: () => child.stop() };
}

async function answersReady(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  return response.ok;
}

/** pino's lines begin with their level: 40 is a warning, 50 an error, 60 fatal. */
function problemIn(line: string): string | undefined {
  if (!/^\{"level":[456]0,/.test(line)) return undefined;
  const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
  const cause = err?.message && !msg?.includes(err.message) ? err.message : undefined;
  return [msg, cause].filter(Boolean).join(': ') || line;
}
