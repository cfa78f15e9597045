import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';

type Ports<Name extends string> = Record<Name, number>;

const STEP = 100;
const MAX_SETS = 10;
const MAX_PORT = 65_535;

/**
 * The preferred ports if all are free on 127.0.0.1, else the first set of which all are: each port 100 higher, or 200 …,
 * so that two stacks never share a set.
 * @param needed the names whose ports must be free
 */
export async function choosePorts<Name extends string>(
  preferred: Ports<Name>,
  say: (line: string) => void,
  needed: readonly Name[] = namesOf(preferred),
): Promise<Ports<Name>> {
  const taken = await listeningAmong(preferred, needed);
  if (taken.length === 0) return preferred;
  const summary = listShortly(taken.map((name) => `${name} ${preferred[name]}`));
  for (let offset = STEP; offset < MAX_SETS * STEP; offset += STEP) {
    const ports = higherBy(offset, preferred);
    if (Math.max(...Object.values<number>(ports)) > MAX_PORT) break;
    if ((await listeningAmong(ports, needed)).length > 0) continue;
    say(`ports are taken (${summary}), so all ports here are ${offset} higher`);
    return ports;
  }
  throw new Error(
    `Ports are taken (${summary}), and so is a port of each higher set. Stop a stack, or set PORT=0 to use any free ports.`,
  );
}

function listShortly([first = '', ...others]: string[]): string {
  return others.length > 1 ? `${first} and ${others.length} more` : [first, ...others].join(' and ');
}

function namesOf<Name extends string>(ports: Ports<Name>): Name[] {
  return Object.keys(ports) as Name[];
}

function higherBy<Name extends string>(offset: number, ports: Ports<Name>): Ports<Name> {
  const entries = Object.entries<number>(ports).map(([name, port]) => [name, port + offset]);
  return Object.fromEntries(entries);
}

async function listeningAmong<Name extends string>(ports: Ports<Name>, names: readonly Name[]) {
  const listening = await Promise.all(names.map((name) => isListening(ports[name])));
  return names.filter((_, index) => listening[index]);
}

/** A free port for each name. */
export async function freePorts<Name extends string>(names: readonly Name[]): Promise<Ports<Name>> {
  const ports = new Set<number>();
  while (ports.size < names.length) ports.add(await freePort());
  return Object.fromEntries([...ports].map((port, index) => [names[index], port])) as Ports<Name>;
}

/**
 * Below the range from which systems take ports for outgoing connections: a port from here stays free until it is used. Each
 * process chooses from a block of its own, so that two that start at the same moment do not choose the same port.
 */
const CHOICE = { from: 12_000, blocks: 64, blockSize: 310 };

/** Those that this process has chosen last: nothing may listen on them yet. */
const chosen = new Set<number>();

export async function freePort(): Promise<number> {
  const { from, blocks, blockSize } = CHOICE;
  const port = from + (process.pid % blocks) * blockSize + randomInt(blockSize);
  if (chosen.has(port)) return freePort();
  if (chosen.size > blockSize / 2) chosen.clear();
  chosen.add(port);
  return (await isListening(port)) ? freePort() : port;
}

/** Whether a process listens on a port of 127.0.0.1. */
export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
