import { createServer } from 'node:http';
import { NativeConnection, Worker } from '@temporalio/worker';

/** A Temporal worker that polls one queue, with a bundle built before, and nothing else: the baseline of the worker. */

const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS ?? '' });
const worker = await Worker.create({
  connection,
  taskQueue: 'bare',
  workflowBundle: { codePath: process.env.BUNDLE ?? '' },
});
const running = worker.run();
createServer((_request, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');
await running;
await connection.close();
