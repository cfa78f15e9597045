import { Queue } from 'bullmq';

export async function createProducer(port) {
  const queue = new Queue('conversions', {
    connection: { host: '127.0.0.1', port },
    defaultJobOptions: {
      attempts: 10,
      backoff: { type: 'exponential', delay: 1_000 },
      removeOnComplete: true,
    },
  });
  await queue.waitUntilReady();
  return {
    enqueue: (orderId, form) => queue.add('post', { form }, { jobId: orderId }),
    isIdle: async () => (await queue.getJobCountByTypes('waiting', 'active', 'delayed')) === 0,
    close: () => queue.close(),
  };
}
