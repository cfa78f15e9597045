import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, untilReady } from '../../dev/child.js';
import { freePort, isListening } from '../../dev/ports.js';
import { missingPackages, type Peer } from './peer.js';

/**
 * BullMQ retries a failed job, and can limit the rate of a queue; no limit is set here. It does not look up an order before
 * a second POST: if a worker dies, BullMQ sends its job again. It keeps no history of a completed job. The producer does not
 * write the job and the user in one transaction. Redis writes each change to the disk before it answers, as MongoDB and Temporal do.
 */
export const bullmq: Peer = {
  name: 'BullMQ + Redis, appendfsync always',
  files: 'bullmq',
  missing() {
    const runs = spawnSync('redis-server', ['--version']).status === 0;
    return (
      missingPackages() ?? (runs ? undefined : 'redis-server, such as of the Debian package of that name')
    );
  },
  async startBroker() {
    const dir = await mkdtemp(join(tmpdir(), 'affiliate-bench-'));
    const port = await freePort();
    const args = { port, bind: '127.0.0.1', dir, save: '', appendonly: 'yes', appendfsync: 'always' };
    const child = await startChild({
      name: 'redis-server',
      command: 'redis-server',
      args: Object.entries(args).flatMap(([name, value]) => [`--${name}`, String(value)]),
      env: { PATH: process.env.PATH },
    });
    await untilReady(child, () => isListening(port));
    return {
      port,
      child,
      async stop() {
        await child.stop();
        await rm(dir, { recursive: true });
      },
    };
  },
};
