import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTemporalClient } from '../../src/temporal/client.js';
import { installRuntime } from '../support/runtime.js';
import { createNamespace, type TestNamespace } from '../support/temporal.js';
import type { Version } from './patched/index.js';

/** How to change a workflow while runs of it wait: docs/operations.md#changing-the-workflow. */
let where: TestNamespace;
let client: Client;
let connection: NativeConnection;
let bundle: Awaited<ReturnType<typeof bundleWorkflowCode>>;

beforeAll(async () => {
  installRuntime();
  where = await createNamespace();
  client = createTemporalClient({
    connectionOptions: { address: where.address },
    namespace: where.namespace,
  });
  connection = await NativeConnection.connect({ address: where.address });
  const workflowsPath = fileURLToPath(new URL('./patched/index.ts', import.meta.url));
  bundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
});
afterAll(async () => {
  await connection.close();
  await client.connection.close();
});

function bundleOf(version: Version): typeof bundle {
  return { ...bundle, code: bundle.code.replace('VERSION_OF_THE_WORKER', `'${version}'`) };
}

/** Runs `work` while a worker of this version polls. */
async function during<T>(version: Version, work: () => Promise<T>): Promise<T> {
  const { namespace } = where;
  const workflowBundle = bundleOf(version);
  const worker = await Worker.create({ connection, namespace, taskQueue: 'example', workflowBundle });
  return worker.runUntil(work);
}

/** A run that waits for the signal. */
async function waiting(version: Version) {
  return during(version, async () => {
    const handle = await client.workflow.start('ExampleWorkflow', {
      workflowId: `example-${randomUUID()}`,
      taskQueue: 'example',
    });
    const fired = async () =>
      (await handle.fetchHistory()).events?.some((event) => event.timerFiredEventAttributes);
    await expect.poll(fired).toBe(true);
    // A worker answers the query once it has read the whole history.
    await handle.query('__stack_trace');
    return handle;
  });
}

describe('a workflow that is changed behind `patched`', () => {
  it('goes on in the old way where it began before the change', async () => {
    const handle = await waiting('before');
    await handle.signal('go');
    expect(await during('after', () => handle.result())).toBe('before');
  });

  it('goes the new way where it begins after it', async () => {
    const handle = await waiting('after');
    await handle.signal('go');
    expect(await during('after', () => handle.result())).toBe('after');
  });
});

describe('a workflow that is changed without `patched`', () => {
  it('is found out by a replay of a history that goes beyond the change', async () => {
    const handle = await waiting('before');
    await handle.signal('go');
    await during('before', () => handle.result());
    const history = await handle.fetchHistory();
    const replay = Worker.runReplayHistory({ workflowBundle: bundleOf('careless') }, history);
    await expect(replay).rejects.toThrow(DeterminismViolationError);
  });
});
