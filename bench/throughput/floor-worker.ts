import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { postForm } from './form.js';

/** A process entry: the least that a Temporal worker can do to POST a form, and the same on a queue with a limit. */

export type FloorActivities = typeof activities;

const {
  TEMPORAL_ADDRESS: address = '',
  IMPACT_BASE_URL: impactUrl = '',
  TASK_QUEUE: taskQueue = '',
  LIMITED_TASK_QUEUE: limitedTaskQueue = '',
} = process.env;
const activities = { post: (form: string) => postForm(impactUrl, form) };

Runtime.install({ logger: new DefaultLogger('WARN') });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  activities,
  taskQueue,
  workflowsPath: fileURLToPath(new URL('floor-workflow.ts', import.meta.url)),
});
const limited = await Worker.create({
  connection,
  activities,
  taskQueue: limitedTaskQueue,
  maxTaskQueueActivitiesPerSecond: 100_000,
});
const running = [worker.run(), limited.run()];
console.log('ready');
await Promise.all(running);
await connection.close();
