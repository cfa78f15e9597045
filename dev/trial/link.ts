import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../ports.js';

export type Link = Awaited<ReturnType<typeof createLink>>;

interface Pair {
  near: Socket;
  far: Socket;
  /** Bytes of an answer were dropped, so the stream is of no use any more. */
  isBroken: boolean;
}

/** A TCP proxy before one process, on which the network can fail. */
export async function createLink(targetPort: number) {
  const port = await freePort();
  const pairs = new Set<Pair>();
  /** Why the link is closed; it is open while there is no reason. */
  const reasons = new Set<string>();
  const network = { latencyMs: 0, isMuted: false };
  let server: Server | undefined;

  function accept(near: Socket): void {
    const far = connect(targetPort, '127.0.0.1');
    const pair: Pair = { near, far, isBroken: false };
    pairs.add(pair);
    far.on('close', () => pairs.delete(pair));
    forward(near, far, network, () => false);
    forward(far, near, network, () => {
      pair.isBroken ||= network.isMuted;
      return pair.isBroken;
    });
  }

  async function open(reason: string): Promise<void> {
    reasons.delete(reason);
    if (reasons.size > 0 || server) return;
    server = createServer({ noDelay: true }, accept).listen(port, '127.0.0.1');
    await once(server, 'listening');
  }

  await open('');
  return {
    port,
    /** New connections are refused, and those that exist are reset. */
    close(reason: string): void {
      reasons.add(reason);
      server?.close();
      server = undefined;
      for (const { near, far } of pairs) for (const socket of [near, far]) socket.resetAndDestroy();
    },
    open,
    /** Everything takes this much longer, in both directions. */
    slowDown(latencyMs: number): void {
      network.latencyMs = latencyMs;
    },
    /** Requests arrive, and their answers are lost. */
    mute(): void {
      network.isMuted = true;
    },
    unmute(): void {
      network.isMuted = false;
      for (const { near, far, isBroken } of pairs)
        if (isBroken) for (const socket of [near, far]) socket.resetAndDestroy();
    },
  };
}

function forward(from: Socket, to: Socket, network: { latencyMs: number }, isLost: () => boolean): void {
  let sent: Promise<void> = Promise.resolve();
  from.setNoDelay(true);
  from.on('data', (chunk) => {
    if (isLost()) return;
    const due = Date.now() + network.latencyMs;
    sent = sent.then(async () => {
      const waitMs = due - Date.now();
      if (waitMs > 0) await delay(waitMs);
      if (!to.destroyed) to.write(chunk);
    });
  });
  from.on('error', () => to.resetAndDestroy());
  from.on('close', () => void sent.then(() => to.end()));
}
