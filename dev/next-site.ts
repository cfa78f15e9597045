import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild, untilReady } from './child.js';
import { neutralEnvironment } from './environment.js';

/** Builds and starts sites with the Next.js that each of them has: the example, and those of test/sites. */

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

export interface NextSite {
  directory: string;
  /** `dev` runs the site from its sources, `start` from the build of `buildNextSite`. */
  command: 'dev' | 'start';
  /** With Clerk, Next.js on 127.0.0.1 takes a rewrite to the same page for one to another server, and calls itself for ever. */
  host?: '127.0.0.1' | 'localhost';
  port: number;
  /** A page that needs no other server. */
  readyPath: string;
  env?: NodeJS.ProcessEnv;
  onLine?: (line: string) => void;
}

/** Starts the site on this machine only, and resolves when it responds. */
export async function startNextSite(site: NextSite) {
  const { directory, command, host = '127.0.0.1', port, readyPath, env, onLine } = site;
  const url = `http://${host}:${port}`;
  const child = await startChild({
    name: 'site',
    command: process.execPath,
    args: [nextOf(directory), command, '--hostname', host, '--port', String(port)],
    cwd: directory,
    env: { ...environment(), ...env },
    ...(onLine && { onLine }),
  });
  await untilReady(child, async () => (await fetch(url + readyPath, { redirect: 'manual' })).status < 400);
  return { url, child, stop: () => child.stop() };
}

/** The sites import the packages in the form that npm publishes, so they need a build. */
export function buildPackages(): Promise<void> {
  return run('build:packages', PROJECT, 'npm', ['run', '-s', 'build:packages']);
}

export function buildNextSite(directory: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  return run('next build', directory, process.execPath, [nextOf(directory), 'build'], env);
}

const nextOf = (directory: string) =>
  createRequire(join(directory, 'package.json')).resolve('next/dist/bin/next');

async function run(
  name: string,
  cwd: string,
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const child: Child = await startChild({ name, command, args, cwd, env: { ...environment(), ...env } });
  const exit = await child.exited;
  if (exit.code !== 0) throw new Error(child.explain(exit));
}

/** Next.js sets NODE_ENV itself, depending on its command. Older versions would add their binaries to package-lock.json. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_ENV: _, ...env } = neutralEnvironment(process.env);
  return { ...env, NEXT_TELEMETRY_DISABLED: '1', NEXT_IGNORE_INCORRECT_LOCKFILE: '1' };
}
