import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTemporalClient } from '../../src/temporal/client.js';
import { installRuntime } from '../support/runtime.js';
import { createNamespace, type TestNamespace } from '../support/temporal.js';

/** How to change a workflow while runs of it wait: docs/operations.md#changing-the-workflow. */
let where: TestNamespace;
let client: Client;
let connection: NativeConnection;
let bundles: Record<'before' | 'after' | 'careless', WorkflowBundleWithSourceMap>;

beforeAll(async () => {
  installRuntime();
  where = await createNamespace();
  client = createTemporalClient({
    connectionOptions: { address: where.address },
    namespace: where.namespace,
  });
  connection = await NativeConnection.connect({ address: where.address });
  const [before, after, careless] = await Promise.all(['before', 'after', 'careless'].map(bundle));
  bundles = { before, after, careless } as typeof bundles;
});
afterAll(async () => {
  await connection.close();
  await client.connection.close();
});

function bundle(name: string): Promise<WorkflowBundleWithSourceMap> {
  const workflowsPath = fileURLToPath(new URL(`./patched/${name}.ts`, import.meta.url));
  return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
}

/** Runs `work` while a worker of this version polls. */
async function during<T>(version: keyof typeof bundles, work: () => Promise<T>): Promise<T> {
  const { namespace } = where;
  const workflowBundle = bundles[version];
  const worker = await Worker.create({ connection, namespace, taskQueue: 'example', workflowBundle });
  return worker.runUntil(work);
}

/** A run that waits for the signal. */
async function waiting(version: keyof typeof bundles) {
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
    const replay = Worker.runReplayHistory({ workflowBundle: bundles.careless }, history);
    await expect(replay).rejects.toThrow(DeterminismViolationError);
  });
});
