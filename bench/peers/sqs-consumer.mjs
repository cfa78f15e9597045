import { Consumer } from 'sqs-consumer';
import { postForm } from '../throughput/form.ts';
import { openQueue } from './sqs-client.mjs';

const { PORT, IMPACT_BASE_URL } = process.env;
const { sqs, queueUrl } = await openQueue(Number(PORT));

// SQS gives out ten messages at most, and a consumer fetches the next ones when all of them are done: five make fifty.
for (let index = 0; index < 5; index += 1) {
  const consumer = Consumer.create({
    sqs,
    queueUrl,
    batchSize: 10,
    async handleMessage(message) {
      await postForm(IMPACT_BASE_URL, message.Body);
      return message;
    },
  });
  consumer.on('error', (error) => console.error(error));
  consumer.on('processing_error', (error) => console.error(error));
  consumer.start();
}
console.log('ready');
