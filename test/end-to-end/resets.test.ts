import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { watchEnded } from '../../src/temporal/watch.js';
import { freshMongoUri } from '../support/mongo.js';
import { REFUSAL } from '../support/refusal.js';
import { resetToStart, resetWorkflow } from '../support/reset.js';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';
import { createNamespace } from '../support/temporal.js';
import { temporalCli } from '../support/temporal-cli.js';
import { until } from '../support/until.js';
import { logOfWatch } from '../support/watch-log.js';

/** `temporal workflow reset` in every state: a conversion ends as reported once, as decided before, or visibly parked. */
let stack: Stack;

beforeAll(async () => {
  // Its worker repairs nothing while the tests run.
  const hour = 3_600_000;
  const watch = { endedIntervalMs: hour, scanIntervalMs: hour, minimumAgeMs: hour };
  stack = await startStack({ confirmAfterMs: 100, watch });
});
afterAll(() => stack.stop());

const requestsOf = async (orderId: string) => (await stack.sandbox.requests(orderId)).length;

describe('a reset to the beginning', () => {
  it('tries a parked conversion again, and parks it again where it is refused again', async () => {
    const { id } = await sell(stack, 'parked', { fault: { ...REFUSAL, times: 2 } });
    await stack.untilStatus(id, 'parked');
    await resetToStart(stack, id);
    await until(async () => (await requestsOf('parked')) === 2);
    await stack.untilStatus(id, 'parked');
  });

  it('reports a conversion once that is tried again and again', async () => {
    const { id } = await sell(stack, 'retrying', { fault: { kind: 'status', status: 503, times: 1_000 } });
    await until(async () => (await requestsOf('retrying')) > 0);
    await resetToStart(stack, id);
    await stack.sandbox.clearFaults('retrying');
    await stack.untilStatus(id, 'confirmed');
    expect(await stack.sandbox.conversions('retrying')).toHaveLength(1);
  });

  it('asks again for what Impact has queued, and does not send it again', async () => {
    const { id } = await sell(stack, 'queued', { plan: { stuck: true } });
    await stack.untilStatus(id, 'submitted');
    await resetToStart(stack, id);
    await stack.sandbox.forgetPlan('queued');
    await stack.untilStatus(id, 'confirmed');
    expect(await requestsOf('queued')).toBe(1);
  });

  it('leaves a confirmed conversion as it is', async () => {
    const { id, handle } = await sell(stack, 'confirmed');
    await stack.untilStatus(id, 'confirmed');
    await handle.result();
    await resetToStart(stack, id);
    expect(await handle.result()).toMatchObject({ status: 'confirmed' });
    expect(await requestsOf('confirmed')).toBe(1);
  });

  it('leaves an abandoned conversion abandoned, as the signal is delivered again', async () => {
    const { id, handle } = await sell(stack, 'abandoned', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await handle.signal(SIGNALS.abandon, { by: 'kim' });
    await handle.result();
    await resetToStart(stack, id);
    expect(await handle.result()).toMatchObject({ status: 'abandoned' });
    expect(await stack.sandbox.conversions('abandoned')).toEqual([]);
  });

  it('takes an earlier retry, which is delivered again, as one for an earlier attempt', async () => {
    const { id, handle } = await sell(stack, 'retried-before', { fault: { ...REFUSAL, times: 3 } });
    await stack.untilStatus(id, 'parked');
    await handle.signal(SIGNALS.retry);
    await until(async () => (await requestsOf('retried-before')) === 2);
    await stack.untilStatus(id, 'parked');
    await resetToStart(stack, id);
    const state = () => stack.temporal.workflow.getHandle(workflowId(id)).query('status');
    await until(async () => (await requestsOf('retried-before')) === 3);
    await expect.poll(state).toMatchObject({ status: 'parked', timesParked: 1 });
    expect(await requestsOf('retried-before')).toBe(3);
  });

  it('parks a retried conversion again, if the retry is not delivered again', async () => {
    const { id, handle } = await sell(stack, 'retried', { fault: { ...REFUSAL, times: 2 } });
    await stack.untilStatus(id, 'parked');
    await handle.signal(SIGNALS.retry);
    await until(async () => (await requestsOf('retried')) === 2);
    await stack.untilStatus(id, 'parked');
    await stack.sandbox.fault({ ...REFUSAL, orderId: 'retried' });
    const exclude = ['--reapply-exclude', 'Signal', '--reason', 'test'];
    await temporalCli(stack, [
      ...['workflow', 'reset', '--workflow-id', workflowId(id), '--type', 'FirstWorkflowTask'],
      ...exclude,
    ]);
    await until(async () => (await requestsOf('retried')) === 3);
    await stack.untilStatus(id, 'parked');
  });

  it('decides again about a conversion that was skipped without credentials', async () => {
    const shared = { mongoUri: freshMongoUri(), temporal: await createNamespace() };
    const without = await startStack({ ...shared, credentials: false });
    const { id, handle } = await sell(without, 'skipped');
    await without.untilStatus(id, 'skipped');
    await handle.result();
    await without.stop();
    const configured = await startStack(shared);
    onTestFinished(() => configured.stop());
    await resetToStart(configured, id);
    await configured.untilStatus(id, 'submitted');
    expect(await configured.sandbox.conversions('skipped')).toHaveLength(1);
  });

  it('reverses a reversed conversion once', async () => {
    const { id } = await sell(stack, 'reversed');
    await stack.untilStatus(id, 'confirmed');
    await stack.api.reverse(id);
    await stack.untilStatus(id, 'reversed');
    const handle = stack.temporal.workflow.getHandle(workflowId(id));
    await handle.result();
    await resetWorkflow(stack, workflowId(id));
    await handle.result();
    expect(await stack.conversion(id)).toMatchObject({ status: 'reversed' });
    expect(await stack.sandbox.actions('reversed')).toMatchObject([{ State: 'REVERSED' }]);
  });
});

describe('a worker that starts after resets, terminations and cancellations', { timeout: 60_000 }, () => {
  const current = (id: string) => stack.temporal.workflow.getHandle(workflowId(id));

  async function parked(orderId: string, times = 1) {
    const sold = await sell(stack, orderId, { fault: { ...REFUSAL, times } });
    await stack.untilStatus(sold.id, 'parked');
    return sold;
  }

  /** The first look of a new worker, once Temporal lists so many runs that have ended. @returns its log */
  async function look(ended: number): Promise<string[]> {
    const { temporal } = stack;
    const query =
      'WorkflowId STARTS_WITH "conversion/sale_subscription/seen-" AND ExecutionStatus IN ("Terminated", "Canceled")';
    await expect.poll(async () => (await temporal.workflow.count(query)).count).toBe(ended);
    const lines = await logOfWatch(watchEnded, stack, 100);
    return lines.filter((line) => line.includes('seen-'));
  }

  it('leaves alone whatever runs again or is done, and logs nothing about it', async () => {
    const { id: reset } = await parked('seen-reset', 3);
    for (const requests of [2, 3]) {
      await resetToStart(stack, reset);
      await until(async () => (await requestsOf('seen-reset')) === requests);
      await stack.untilStatus(reset, 'parked');
    }
    const { id: done } = await parked('seen-done');
    await resetToStart(stack, done);
    await stack.untilStatus(done, 'confirmed');
    const cancelled = await parked('seen-cancelled');
    await cancelled.handle.cancel();
    await stack.untilStatus(cancelled.id, 'abandoned');
    expect(await look(4)).toEqual([]);

    const { id: terminated, handle } = await parked('seen-terminated');
    await handle.terminate();
    expect(await look(5)).toEqual([expect.stringContaining('"code":"workflow_terminated"')]);
    await current(terminated).terminate();
    expect(await look(6)).toEqual([expect.stringContaining('"code":"workflow_terminated"')]);
    const runs = () =>
      Promise.all([reset, terminated].map(async (id) => (await current(id).describe()).runId));
    const before = await runs();
    expect(await look(6)).toEqual([]);
    expect(await runs()).toEqual(before);
  });
});

describe('a signal with nonsense for an argument', () => {
  it.each([['a string'], [42], [null], [[1, 2]], [{ by: { deep: true }, reason: 7 }]])(
    'is taken for the signal alone: %j',
    async (nonsense) => {
      const orderId = `nonsense-${JSON.stringify(nonsense).replace(/\W/g, '')}`;
      const { id, handle } = await sell(stack, orderId, { fault: REFUSAL });
      await stack.untilStatus(id, 'parked');
      await handle.signal(SIGNALS.adjust, nonsense);
      await handle.signal(SIGNALS.retry, nonsense);
      await stack.untilStatus(id, 'confirmed');
      expect(await stack.sandbox.conversions(orderId)).toHaveLength(1);
    },
  );
});
