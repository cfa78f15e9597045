import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS, WORKER_DEPLOYMENT } from '../../src/domain/workflow-names.js';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';
import { temporalCli } from '../support/temporal-cli.js';
import { until } from '../support/until.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ buildId: 'one' });
  await setCurrent('one');
});
afterAll(() => stack.stop());

/** As in docs/operations.md. The server knows a version once a worker of it has polled. */
async function setCurrent(buildId: string): Promise<void> {
  const version = ['--deployment-name', WORKER_DEPLOYMENT, '--build-id', buildId];
  const args = ['worker', 'deployment', 'set-current-version', ...version, '--yes'];
  await until(() =>
    temporalCli(stack, args).then(
      () => true,
      () => false,
    ),
  );
}

/** Task queues learn of a new current version a moment later. */
async function untilNewOnesRunOn(buildId: string): Promise<void> {
  let count = 0;
  await until(async () => {
    count += 1;
    const { id, handle } = await sell(stack, `new-${count}`);
    await handle.result();
    return (await versionOf(id)) === buildId;
  });
}

async function versionOf(id: string): Promise<string | undefined> {
  const { raw } = await stack.temporal.workflow.getHandle(workflowId(id)).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
}

describe('a worker of a new version', () => {
  it('takes over conversions that were parked under the old one, once it is the current one', async () => {
    const { id, handle } = await sell(stack, 'parked-across', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    expect(await versionOf(id)).toBe('one');
    await stack.startWorker({ buildId: 'two' });
    await setCurrent('two');
    await untilNewOnesRunOn('two');
    await handle.signal(SIGNALS.retry);
    await stack.untilStatus(id, 'submitted');
    expect(await versionOf(id)).toBe('two');
    expect(await stack.sandbox.conversions('parked-across')).toHaveLength(1);
  });
});
