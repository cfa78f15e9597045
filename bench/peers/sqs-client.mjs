import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';

export async function openQueue(port) {
  const sqs = new SQSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'elasticmq',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const { QueueUrl: queueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'conversions' }));
  return { sqs, queueUrl };
}
