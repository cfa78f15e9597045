import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';

export async function openQueue(port) {
  // This version runs with Node 20, and warns that a later one will not.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const sqs = new SQSClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'elasticmq',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const { QueueUrl: queueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'conversions' }));
  return { sqs, queueUrl };
}
