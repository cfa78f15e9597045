import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { cpuSecondsOf } from '../support/processes.js';
import { type Contender, prepareJobs, type ScalableContender } from './contender.js';
import { startEntry } from './entry.js';
import type { FloorWorkflow } from './floor-workflow.js';
import type { BenchImpact } from './impact.js';
import { type RunningTemporal, untilNoneRuns } from './temporal-server.js';

const QUEUE = 'floor';
const LIMITED_QUEUE = 'floor-limited';
const WORKFLOW = 'FloorWorkflow';
const ACTIVITY = 'post';

export type Floor = Awaited<ReturnType<typeof startFloor>>;

/** The least that Temporal can do: one workflow with one activity that POSTs, in a worker of its own. */
export async function startFloor(server: RunningTemporal, temporal: Client, impact: BenchImpact) {
  const variables = {
    TEMPORAL_ADDRESS: server.address,
    IMPACT_BASE_URL: impact.url,
    TASK_QUEUE: QUEUE,
    LIMITED_TASK_QUEUE: LIMITED_QUEUE,
  };
  const startWorker = () => startEntry(join(import.meta.dirname, 'floor-worker.ts'), variables);
  const workers = [await startWorker()];
  const cpuSeconds = () => ({
    Temporal: server.cpuSeconds(),
    worker: workers.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0),
  });
  const start = (prefix: string, ...of: [activityQueue?: string]) =>
    prepareJobs(prefix, async (orderId, form) => {
      const args: [string, string?] = [form, ...of];
      const options = { taskQueue: QUEUE, workflowId: orderId, args };
      await temporal.workflow.start<typeof FloorWorkflow>(WORKFLOW, options);
    });
  const floor: ScalableContender = {
    name: 'floor',
    prepare: start('floor'),
    untilIdle: () => untilNoneRuns(temporal.workflow, `WorkflowType = '${WORKFLOW}'`),
    cpuSeconds,
    async setWorkers(count) {
      while (workers.length < count) workers.push(await startWorker());
      await Promise.all(workers.splice(count).map((worker) => worker.stop()));
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
  /** The same activity without a workflow, by the same worker: a queue with retries, whose jobs wait for nothing else. */
  const standalone: Contender = {
    name: 'standalone activities',
    prepare: prepareJobs('standalone', async (id, form) => {
      await temporal.activity.start(ACTIVITY, {
        ...{ id, taskQueue: QUEUE, args: [form] },
        startToCloseTimeout: '30s',
      });
    }),
    untilIdle: () => untilNoneRuns(temporal.activity, `ActivityType = '${ACTIVITY}'`),
    cpuSeconds,
  };
  /** What the account-wide limit and the pause cost: the activity is on a queue of its own, and is never handed out eagerly. */
  const limited: Contender = {
    ...floor,
    name: 'floor, its activity on a queue with a limit',
    prepare: start('limited', LIMITED_QUEUE),
  };
  return { ...floor, standalone, limited };
}
