import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild, untilReady } from './child.js';
import { neutralEnvironment } from './environment.js';

/** Builds and starts sites with the Next.js that each of them has: the example, and those of test/sites. */

const CAPTURE = fileURLToPath(new URL('../capture', import.meta.url));
const TSC = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'lib/tsc.js');

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

/** The sites import the package in the form that npm publishes, so it needs a build. */
export function buildCapture(): Promise<void> {
  return run('affiliate-capture', CAPTURE, [TSC, '-p', 'tsconfig.build.json']);
}

export function buildNextSite(directory: string, env: NodeJS.ProcessEnv = {}): Promise<void> {
  return run('next build', directory, [nextOf(directory), 'build'], env);
}

const nextOf = (directory: string) =>
  createRequire(join(directory, 'package.json')).resolve('next/dist/bin/next');

async function run(name: string, cwd: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const child: Child = await startChild({
    name,
    command: process.execPath,
    args,
    cwd,
    env: { ...environment(), ...env },
  });
  const exit = await child.exited;
  if (exit.code !== 0) throw new Error(child.explain(exit));
}

/** Next.js sets NODE_ENV itself, depending on its command. Older versions would add their binaries to package-lock.json. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_ENV: _, ...env } = neutralEnvironment(process.env);
  return { ...env, NEXT_TELEMETRY_DISABLED: '1', NEXT_IGNORE_INCORRECT_LOCKFILE: '1' };
}
