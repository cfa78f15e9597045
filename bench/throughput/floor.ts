import type { Client } from '@temporalio/client';
import { cpuSecondsOf } from '../support/processes.js';
import { monotonicMs } from './clock.js';
import type { Contender } from './contender.js';
import { startEntry } from './entry.js';
import type { FloorWorkflow } from './floor-workflow.js';
import { formOf } from './form.js';
import type { BenchImpact } from './impact.js';
import { type RunningTemporal, untilNoneRuns } from './temporal-server.js';

const QUEUE = 'floor';
const TYPE = 'FloorWorkflow';

export type Floor = Awaited<ReturnType<typeof startFloor>>;

/** The least that Temporal can do: one workflow with one activity that POSTs, in a worker of its own. */
export async function startFloor(server: RunningTemporal, temporal: Client, impact: BenchImpact) {
  const variables = { TEMPORAL_ADDRESS: server.address, IMPACT_BASE_URL: impact.url, TASK_QUEUE: QUEUE };
  const worker = await startEntry('floor-worker.ts', variables);
  let jobs = 0;
  const nextJob = () => {
    jobs += 1;
    const orderId = `floor-${jobs}`;
    const args: [string] = [formOf(orderId)];
    const options = { taskQueue: QUEUE, workflowId: orderId, args };
    return {
      orderId,
      async begin() {
        const calledAt = monotonicMs();
        await temporal.workflow.start<typeof FloorWorkflow>(TYPE, options);
        return calledAt;
      },
    };
  };
  const contender: Contender = {
    name: 'floor',
    prepare: async (count) => Array.from({ length: count }, nextJob),
    untilIdle: () => untilNoneRuns(temporal, TYPE),
    cpuSeconds: () => ({ Temporal: server.cpuSeconds(), worker: cpuSecondsOf(worker.pid) }),
  };
  return { ...contender, stop: () => worker.stop() };
}
