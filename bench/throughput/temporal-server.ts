import { setTimeout as delay } from 'node:timers/promises';
import { startTemporal } from '../../dev/temporal.js';
import { cpuSecondsOf } from '../support/processes.js';
import { startTemporalOnPostgres } from '../support/temporal-postgres.js';

/** A Temporal server on which the floor and the product are measured. */
export interface TemporalServer {
  name: string;
  /** @throws MissingProgram */
  start(say: (line: string) => void): Promise<RunningTemporal>;
}

export interface RunningTemporal {
  address: string;
  /** Of the server and of its database. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

export const DEVELOPMENT_SERVER: TemporalServer = {
  name: 'development server',
  async start(say) {
    const { address, child, stop } = await startTemporal({ say });
    return { address, cpuSeconds: () => cpuSecondsOf(child.pid), stop };
  },
};

export const POSTGRES_SERVER: TemporalServer = {
  name: 'server on PostgreSQL',
  start: (say) => startTemporalOnPostgres({ say }),
};

/** @param client that of workflows, or that of standalone activities */
export async function untilNoneRuns(client: Counting, query: string): Promise<void> {
  const running = `${query} AND ExecutionStatus = 'Running'`;
  while ((await client.count(running)).count > 0) await delay(100);
}

interface Counting {
  count(query: string): Promise<{ count: number }>;
}
