import { setTimeout as delay } from 'node:timers/promises';
import { startTemporal } from '../../dev/temporal.js';
import { say } from '../support/fixtures.js';
import { cpuSecondsOf } from '../support/processes.js';

/** A Temporal server on which the floor and the product are measured. */
export interface TemporalServer {
  name: string;
  start(): Promise<RunningTemporal>;
}

export interface RunningTemporal {
  address: string;
  /** Its database's included. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

export const DEVELOPMENT_SERVER: TemporalServer = {
  name: 'development server',
  async start() {
    const { address, child, stop } = await startTemporal({ say });
    return { address, cpuSeconds: () => cpuSecondsOf(child.pid), stop };
  },
};

/** @param client that of workflows, or that of standalone activities */
export async function untilNoneRuns(client: Counting, query: string): Promise<void> {
  const running = `${query} AND ExecutionStatus = 'Running'`;
  while ((await client.count(running)).count > 0) await delay(100);
}

interface Counting {
  count(query: string): Promise<{ count: number }>;
}
