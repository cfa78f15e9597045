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
  const crashes: string[] = [];
  let isStopping = false;

  const linksTo = (name: ProcessName) =>
    Object.entries(LINKS).flatMap(([link, target]) => (target === name ? links[link as LinkName] : []));

  function childOf(name: ProcessName): Child {
    const child = children.get(name);
    if (!child) throw new Error(`${name} does not run.`);
    return child;
  }

  async function start(name: ProcessName): Promise<void> {
    for (const deadline = Date.now() + STARTS_WITHIN_MS; ; await delay(250)) {
      try {
        const child = await launchers[name]();
        children.set(name, child);
        void child.exited.then(({ code, signal }) => restart(name, child, signal ?? code));
        await Promise.all(linksTo(name).map((link) => link.open(name)));
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
    const child = childOf(name);
    children.delete(name);
    for (const link of linksTo(name)) link.close(name);
    await how(child);
    await child.exited;
  }

  return {
    /** Which processes have ended by themselves, and when. */
    crashes,
    pidOf: (name: ProcessName) => childOf(name).pid,
    start,
    /** SIGKILL. */
    kill: (name: ProcessName) => leave(name, (child) => child.kill()),
    /** SIGTERM: the process finishes what it has begun. */
    end: (name: ProcessName) => leave(name, (child) => child.stop(40_000)),
    /** SIGSTOP, until `thaw`. */
    freeze: (name: ProcessName) => process.kill(-childOf(name).pid, 'SIGSTOP'),
    thaw: (name: ProcessName) => process.kill(-childOf(name).pid, 'SIGCONT'),
    async stopAll(): Promise<void> {
      isStopping = true;
      const running = [...children.values()];
      const services = running.filter(({ name }) => /^(api|worker)/.test(name));
      const systems = running.filter((child) => !services.includes(child));
      for (const part of [services, systems]) await Promise.all(part.map((child) => child.stop(30_000)));
    },
  };
}
