import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from '../child.js';
import type { Link } from './link.js';
import { LINKS, type LinkName, type ProcessName } from './names.js';

/** How long a process may take until it can start: what it needs may be away. */
const STARTS_WITHIN_MS = 90_000;

interface Supervised {
  launchers: Record<ProcessName, () => Promise<Child>>;
  links: Record<LinkName, Link>;
  say: (line: string) => void;
}

/** Starts, ends and stops processes. A process that ends by itself is started again, as a supervisor does in production. */
export function createSupervisor({ launchers, links, say }: Supervised) {
  const children = new Map<ProcessName, Child>();
  const starting = new Map<ProcessName, Promise<void>>();
  const crashes: string[] = [];
  let isStopping = false;

  /** A process that is starting is waited for. */
  async function childOf(name: ProcessName): Promise<Child> {
    await starting.get(name);
    const child = children.get(name);
    if (!child) throw new Error(`${name} does not run.`);
    return child;
  }

  function start(name: ProcessName): Promise<void> {
    const started = launch(name);
    starting.set(name, started);
    return started;
  }

  async function launch(name: ProcessName): Promise<void> {
    for (const deadline = Date.now() + STARTS_WITHIN_MS; ; await delay(250)) {
      try {
        const child = await launchers[name]();
        children.set(name, child);
        void child.exited.then(({ code, signal }) => restart(name, child, signal ?? code));
        await Promise.all(linksTo(name, links).map((link) => link.open(name)));
        return;
      } catch (error) {
        if (Date.now() > deadline || isStopping) throw error;
      }
    }
  }

  async function restart(name: ProcessName, child: Child, exit: string | number | null): Promise<void> {
    if (isStopping || children.get(name) !== child) return;
    crashes.push(`${new Date().toISOString()} ${name} ended by itself (${exit})`);
    await start(name).catch((error: Error) => say(error.message));
  }

  /** From now on its port refuses connections. */
  async function leave(name: ProcessName, how: (child: Child) => unknown): Promise<void> {
    const child = await childOf(name);
    children.delete(name);
    for (const link of linksTo(name, links)) link.close(name);
    await how(child);
    await child.exited;
  }

  async function signal(name: ProcessName, signalName: NodeJS.Signals): Promise<void> {
    process.kill(-(await childOf(name)).pid, signalName);
  }

  return {
    /** Which processes have ended by themselves, and when. */
    crashes,
    /** Undefined while it is away. */
    pidOf: (name: ProcessName) => children.get(name)?.pid,
    start,
    /** SIGKILL. */
    kill: (name: ProcessName) => leave(name, (child) => child.kill()),
    /** SIGTERM: the process finishes what it has begun. */
    end: (name: ProcessName) => leave(name, (child) => child.stop(40_000)),
    /** SIGSTOP, until `thaw`. */
    freeze: (name: ProcessName) => signal(name, 'SIGSTOP'),
    thaw: (name: ProcessName) => signal(name, 'SIGCONT'),
    async stopAll(): Promise<void> {
      isStopping = true;
      await stopInOrder([...children.values()]);
    },
  };
}

/** The services first: they need the systems while they finish. */
async function stopInOrder(running: readonly Child[]): Promise<void> {
  const services = running.filter(({ name }) => /^(api|worker)/.test(name));
  const systems = running.filter((child) => !services.includes(child));
  for (const part of [services, systems]) await Promise.all(part.map((child) => child.stop(30_000)));
}

function linksTo(name: ProcessName, links: Supervised['links']): Link[] {
  return Object.entries(LINKS).flatMap(([link, target]) => (target === name ? links[link as LinkName] : []));
}
