import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Child } from '../../dev/child.js';
import { cpuSecondsOf } from '../support/processes.js';
import { prepareJobs, type StartedContender } from '../throughput/contender.js';
import { startEntry } from '../throughput/entry.js';
import type { BenchImpact } from '../throughput/impact.js';

/** A queue, and the process that takes its jobs and POSTs them. */
export interface Peer {
  name: string;
  /** Of `<files>-producer.mjs` and `<files>-consumer.mjs`. Their packages are not among the project's. */
  files: string;
  /** @returns undefined if it can be measured */
  missing(): string | undefined;
  startBroker(): Promise<Broker>;
}

interface Broker {
  port: number;
  child: Child;
  stop(): Promise<void>;
}

interface Producer {
  enqueue(orderId: string, form: string): Promise<unknown>;
  isIdle(): Promise<boolean>;
  close(): Promise<void> | void;
}

export function missingPackages(): string | undefined {
  const installed = existsSync(pathOf('node_modules/bullmq/package.json'));
  return installed ? undefined : 'npm ci --prefix bench/peers';
}

export function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

export async function startPeer(peer: Peer, impact: BenchImpact): Promise<StartedContender> {
  const broker = await peer.startBroker();
  const variables = { PORT: String(broker.port), IMPACT_BASE_URL: impact.url };
  const consumer = await startEntry(pathOf(`${peer.files}-consumer.mjs`), variables);
  const { createProducer } = await import(`./${peer.files}-producer.mjs`);
  const producer: Producer = await createProducer(broker.port);
  return {
    name: peer.name,
    prepare: prepareJobs(peer.files, (orderId, form) => producer.enqueue(orderId, form)),
    async untilIdle() {
      while (!(await producer.isIdle())) await delay(100);
    },
    cpuSeconds: () => ({ broker: cpuSecondsOf(broker.child.pid), worker: cpuSecondsOf(consumer.pid) }),
    async stop() {
      await producer.close();
      await consumer.stop();
      await broker.stop();
    },
  };
}
