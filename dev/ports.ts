import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';

/** The preferred port if it is free on 127.0.0.1, else any free one. */
export async function choosePort(preferred: number, say: (line: string) => void): Promise<number> {
  if (preferred === 0) return freePort();
  if (!(await isListening(preferred))) return preferred;
  const other = await freePort();
  say(`port ${preferred} is taken, using ${other}`);
  return other;
}

/** Below the range from which systems take ports for outgoing connections: a port from here stays free until it is used. */
const CHOICE = { from: 12_000, to: 32_000 };

export async function freePort(): Promise<number> {
  const port = randomInt(CHOICE.from, CHOICE.to);
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
