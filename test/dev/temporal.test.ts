import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { expect, onTestFinished, test } from 'vitest';
import { startTemporal } from '../../dev/temporal.js';
import { SEARCH_ATTRIBUTES } from '../../src/domain/workflow-names.js';
import { createSay, stopAfterTest, tempDir } from './support.js';

test('a workflow is found by its search attributes after a restart on the same file', async () => {
  const options = { dbFile: join(await tempDir(), 'temporal.db'), say: createSay().say };
  const first = stopAfterTest(await startTemporal(options));
  await startParkedWorkflow(await connect(first.address));
  await first.stop();

  const second = stopAfterTest(await startTemporal(options));

  const { conversionStatus } = SEARCH_ATTRIBUTES;
  const client = await connect(second.address);
  const query = `${conversionStatus.name} = "Parked"`;
  const found: string[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) found.push(workflowId);
  expect(found).toEqual(['kept']);
});

async function startParkedWorkflow(client: Client): Promise<void> {
  await client.workflow.start('ConversionWorkflow', {
    workflowId: 'kept',
    taskQueue: 'nobody-polls-it',
    typedSearchAttributes: Object.values(SEARCH_ATTRIBUTES).map(({ name }) => ({
      key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
      value: 'Parked',
    })),
  });
}

async function connect(address: string): Promise<Client> {
  const connection = await Connection.connect({ address });
  onTestFinished(() => connection.close());
  return new Client({ connection });
}
