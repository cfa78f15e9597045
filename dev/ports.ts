import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/** The preferred port if it is free on 127.0.0.1, else any free one. */
export async function choosePort(preferred: number, say: (line: string) => void): Promise<number> {
  if (preferred === 0) return freePort();
  if (await isFree(preferred)) return preferred;
  const other = await freePort();
  say(`port ${preferred} is taken, using ${other}`);
  return other;
}

export function freePort(): Promise<number> {
  return listenOnce(0);
}

/** Whether somebody answers on a port of 127.0.0.1, or on the socket at a path. */
export async function isListening(where: number | string): Promise<boolean> {
  const socket = typeof where === 'number' ? connect(where, '127.0.0.1') : connect(where);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function isFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}

async function listenOnce(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const chosen = (server.address() as AddressInfo).port;
  server.close();
  await once(server, 'close');
  return chosen;
}
