import { Worker } from 'bullmq';
import { postForm } from '../throughput/form.ts';

const { PORT, IMPACT_BASE_URL } = process.env;
const connection = { host: '127.0.0.1', port: Number(PORT), maxRetriesPerRequest: null };
const worker = new Worker('conversions', (job) => postForm(IMPACT_BASE_URL, job.data.form), {
  connection,
  concurrency: 50,
});
worker.on('error', (error) => console.error(error));
worker.on('failed', (_job, error) => console.error(error));
await worker.waitUntilReady();
console.log('ready');
