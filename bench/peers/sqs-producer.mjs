import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { openQueue } from './sqs-client.mjs';

const COUNTS = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];

export async function createProducer(port) {
  const { sqs, queueUrl: QueueUrl } = await openQueue(port);
  return {
    enqueue: (_orderId, form) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: form })),
    async isIdle() {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: COUNTS }),
      );
      return COUNTS.every((name) => Attributes[name] === '0');
    },
    close: () => sqs.destroy(),
  };
}
