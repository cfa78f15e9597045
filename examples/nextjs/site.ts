import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Child, startChild, untilReady } from '../../dev/child.js';
import { neutralEnvironment } from '../../dev/environment.js';

/** Builds and starts this site, for `npm run example` and for the tests in a browser. */

const SITE = fileURLToPath(new URL('.', import.meta.url));
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

const require = createRequire(import.meta.url);
const NEXT = require.resolve('next/dist/bin/next');

export interface SiteOptions {
  /** `dev` runs the site from its sources, `start` from the build of `buildSite`. */
  command: 'dev' | 'start';
  port: number;
  apiUrl: string;
  issuerUrl: string;
  issuerKeyFile: string;
  onLine?: (line: string) => void;
}

/** Starts the site on 127.0.0.1, and resolves when it responds. */
export async function startSite({ command, port, onLine, ...options }: SiteOptions) {
  const url = `http://127.0.0.1:${port}`;
  const child = await startChild({
    name: 'site',
    command: process.execPath,
    args: [NEXT, command, '--hostname', '127.0.0.1', '--port', String(port)],
    cwd: SITE,
    env: {
      ...environment(),
      API_URL: options.apiUrl,
      ISSUER_URL: options.issuerUrl,
      ISSUER_KEY_FILE: options.issuerKeyFile,
    },
    ...(onLine && { onLine }),
  });
  await untilReady(child, async () => (await fetch(`${url}/pricing`)).ok);
  return { url, child, stop: () => child.stop() };
}

/** The site imports the two packages in the form that npm publishes, so they need a build. */
export function buildPackages(): Promise<void> {
  return run('build:packages', PROJECT, 'npm', ['run', '-s', 'build:packages']);
}

export async function buildSite(): Promise<void> {
  await buildPackages();
  await run('next build', SITE, process.execPath, [NEXT, 'build']);
}

async function run(name: string, cwd: string, command: string, args: string[]): Promise<void> {
  const child: Child = await startChild({ name, command, args, cwd, env: environment() });
  const exit = await child.exited;
  if (exit.code !== 0) throw new Error(child.explain(exit));
}

/** Next.js sets NODE_ENV itself, depending on its command. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_ENV: _, ...env } = neutralEnvironment(process.env);
  return { ...env, NEXT_TELEMETRY_DISABLED: '1' };
}
