import { readFileSync } from 'node:fs';
import { apiEnvironment, workerEnvironment } from '../../dev/environment.js';
import { freePort } from '../../dev/ports.js';
import { startService } from '../../dev/service.js';

/** The API and the worker as production runs them: built, and each in a process of its own. */

export interface Systems {
  mongoUri: string;
  temporalAddress: string;
  issuerUrl: string;
  impactUrl: string;
  credentials: { accountSid: string; authToken: string };
}

type Variables = NodeJS.ProcessEnv;

export async function startBenchApi({ credentials: _, ...systems }: Systems, variables: Variables = {}) {
  const ports = { port: await freePort(), metricsPort: await freePort() };
  const env = { ...process.env, LOG_LEVEL: 'info' };
  const { child, stop } = await startService({
    name: 'api',
    entry: 'dist/src/server.js',
    env: { ...apiEnvironment(env, ports, systems), ...UNLIMITED, ...variables },
  });
  return {
    url: `http://127.0.0.1:${ports.port}`,
    metricsUrl: `http://127.0.0.1:${ports.metricsPort}`,
    pid: child.pid,
    stop,
  };
}

export async function startBenchWorker({ credentials, ...systems }: Systems, variables: Variables = {}) {
  const port = await freePort();
  const env = { ...process.env, LOG_LEVEL: 'info' };
  const { child, stop } = await startService({
    name: 'worker',
    entry: 'dist/src/worker.js',
    env: { ...workerEnvironment(env, port, systems, credentials), ...variables },
  });
  return { metricsUrl: `http://127.0.0.1:${port}`, pid: child.pid, stop };
}

const UNLIMITED = { RATE_LIMIT_PER_USER: '0', RATE_LIMIT_PER_MACHINE: '0', RATE_LIMIT_PER_ADDRESS: '0' };

/** Linux counts a process's time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** The time on a processor that a process has taken, user and system. */
export function cpuSecondsOf(pid: number): number {
  return ticksOf(pid, [11, 12]) / TICKS_PER_SECOND;
}

/** The same with the processes that it has started, those included that have ended. */
export function cpuSecondsWithChildren(pid: number): number {
  const living = childrenOf(pid).map((child) => {
    try {
      return cpuSecondsOf(child);
    } catch {
      // It has ended since the list was made.
      return 0;
    }
  });
  return ticksOf(pid, [11, 12, 13, 14]) / TICKS_PER_SECOND + living.reduce((sum, each) => sum + each, 0);
}

function ticksOf(pid: number, fields: number[]): number {
  // The name, in parentheses, may contain spaces.
  const values = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return fields.reduce((sum, field) => sum + Number(values[field]), 0);
}

export function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** Its resident memory. */
export function rssMbOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}
