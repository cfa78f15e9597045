import { writeFile } from 'node:fs/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIT_WORKFLOW_TYPE } from '../../src/domain/audit.js';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS, STATUS_QUERY, TASK_QUEUES } from '../../src/domain/workflow-names.js';
import type { AuditWorkflow } from '../../workflows/index.js';
import { chainedProgramme } from '../support/programme.js';
import { REFUSAL } from '../support/refusal.js';
import { resetToStart } from '../support/reset.js';
import { sell } from '../support/sell.js';
import { QUICK_WATCH, type Stack, type StackOptions, startStack } from '../support/stack.js';
import { temporalCli } from '../support/temporal-cli.js';
import { startTimeSkipping } from '../support/time-skipping.js';
import { until } from '../support/until.js';
import { userIdOf } from '../support/user-id.js';
import { historyFile } from './histories.js';

/**
 * Takes each path of the workflows on real servers (Impact is the sandbox), and keeps its history for replay.test.ts. The
 * histories stand for the workflows in production, so record one only for a path that is new.
 */

/** Without what belongs to this machine: who polled, and where the code is. */
function withoutMachine(json: string): string {
  return JSON.stringify(
    JSON.parse(json, (key, value) => {
      if (key === 'identity') return 'recorder';
      // The sticky task queue of one process on one host.
      if (key === 'name' && typeof value === 'string' && /^\d+@/.test(value)) return 'sticky';
      if (key === 'stackTrace') return '';
      return value;
    }),
    null,
    1,
  );
}

/** Keeps the history of the latest run. */
async function keep(stack: Stack, name: string, id: string): Promise<void> {
  const history = await temporalCli(stack, ['workflow', 'show', '--workflow-id', id, '--output', 'json']);
  await writeFile(historyFile(name), `${withoutMachine(history)}\n`);
}

function onStack(options: StackOptions, record: (stack: () => Stack) => void): void {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack(options);
  });
  afterAll(() => stack.stop());
  record(() => stack);
}

describe('with confirmation', () => {
  onStack({ confirmAfterMs: 100, watch: QUICK_WATCH }, (stack) => {
    it('confirmed', async () => {
      const { id, handle } = await sell(stack(), 'confirmed');
      await handle.result();
      await keep(stack(), 'confirmed', workflowId(id));
    });

    it('declined', async () => {
      const { id, handle } = await sell(stack(), 'declined', { plan: { errorReason: 'UNCLAIMED' } });
      await handle.result();
      await keep(stack(), 'declined', workflowId(id));
    });

    it('skipped', async () => {
      const { body: user } = await stack().api.me('user_skipped', 'click');
      const capturedAt = new Date(Date.now() - 31 * 86_400_000);
      await stack().db.users.updateOne(
        { _id: user.userId },
        { $set: { 'attributionHistory.0.capturedAt': capturedAt } },
      );
      const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 1, currency: 'USD' };
      await stack().api.publish({ ...sale, userId: user.userId, orderId: 'skipped' });
      const id = 'sale_subscription:skipped';
      await stack().untilStatus(id, 'skipped');
      await stack().temporal.workflow.getHandle(workflowId(id)).result();
      await keep(stack(), 'skipped', workflowId(id));
    });

    it('parked twice, and then retried', async () => {
      const { id, handle } = await sell(stack(), 'parked', { fault: { ...REFUSAL, times: 2 } });
      await stack().untilStatus(id, 'parked');
      await handle.signal(SIGNALS.retry);
      await until(async () => (await stack().sandbox.requests('parked')).length === 2);
      await stack().untilStatus(id, 'parked');
      await keep(stack(), 'parked', workflowId(id));
      await handle.signal(SIGNALS.retry, { by: 'kim' });
      await handle.result();
      await keep(stack(), 'retried', workflowId(id));
    });

    it('turned down, and then retried', async () => {
      const plan = { errorReason: 'CONTRACT_NOT_FOUND' };
      const { id, handle } = await sell(stack(), 'turned-down', { plan });
      await stack().untilStatus(id, 'parked');
      await stack().sandbox.forgetPlan('turned-down');
      await handle.signal(SIGNALS.retry);
      await handle.result();
      await keep(stack(), 'turned-down', workflowId(id));
    });

    it('abandoned', async () => {
      const { id, handle } = await sell(stack(), 'abandoned', { fault: REFUSAL });
      await stack().untilStatus(id, 'parked');
      await handle.signal(SIGNALS.abandon, { by: 'kim', reason: 'a test' });
      await handle.result();
      await keep(stack(), 'abandoned', workflowId(id));
    });

    it('cancelled', async () => {
      const { id, handle } = await sell(stack(), 'cancelled', { fault: REFUSAL });
      await stack().untilStatus(id, 'parked');
      await handle.cancel();
      await handle.result().catch(() => undefined);
      await keep(stack(), 'cancelled', workflowId(id));
    });

    it('reset', async () => {
      const { id } = await sell(stack(), 'reset', { fault: REFUSAL });
      await stack().untilStatus(id, 'parked');
      await resetToStart(stack(), id);
      await stack().temporal.workflow.getHandle(workflowId(id)).result();
      await keep(stack(), 'reset', workflowId(id));
    });

    it('terminated, and parked again', async () => {
      const { id, handle } = await sell(stack(), 'terminated', { fault: REFUSAL });
      await stack().untilStatus(id, 'parked');
      await handle.terminate();
      await until(async () => (await stack().conversion(id))?.reason === 'workflow_terminated');
      const state = () => stack().temporal.workflow.getHandle(workflowId(id)).query(STATUS_QUERY);
      await expect.poll(state).toMatchObject({ status: 'parked' });
      await keep(stack(), 'terminated', workflowId(id));
    });

    it('reversed after the end, in another run', async () => {
      const { id, handle } = await sell(stack(), 'reversed');
      await handle.result();
      await stack().api.reverse(id);
      await stack().untilStatus(id, 'reversed');
      await stack().temporal.workflow.getHandle(workflowId(id)).result();
      await keep(stack(), 'reversed', workflowId(id));
    });

    it('an amount that is parked, and replaced', async () => {
      const { id, handle } = await sell(stack(), 'amount-replaced');
      await handle.result();
      await stack().sandbox.fault({ ...REFUSAL, resource: 'Actions', orderId: 'amount-replaced' });
      await stack().api.setAmount(id, 2_900);
      const newest = async () => (await stack().conversion(id))?.adjustments?.at(-1);
      await expect.poll(newest).toMatchObject({ status: 'parked' });
      await stack().api.setAmount(id, 1_900);
      await expect.poll(newest).toMatchObject({ totalAmountCents: 1_900, status: 'confirmed' });
      await stack().temporal.workflow.getHandle(workflowId(id)).result();
      await keep(stack(), 'amount-replaced', workflowId(id));
    });

    it('an audit', async () => {
      const handle = await stack().temporal.workflow.start<typeof AuditWorkflow>(AUDIT_WORKFLOW_TYPE, {
        workflowId: 'audit',
        taskQueue: TASK_QUEUES.conversions,
        args: [],
      });
      await handle.result();
      await keep(stack(), 'audit', 'audit');
    });
  });
});

describe('without confirmation', () => {
  onStack({}, (stack) => {
    it('reported', async () => {
      const { id, handle } = await sell(stack(), 'reported');
      await handle.result();
      await keep(stack(), 'reported', workflowId(id));
    });
  });
});

describe('with a parent', () => {
  onStack({ programme: chainedProgramme({ afterMinutes: 0.02 }) }, (stack) => {
    it('waited for it, and reported', async () => {
      const clerkId = 'user_waited';
      const orderId = `signup-${userIdOf(clerkId).toHexString()}`;
      await stack().sandbox.fault({ kind: 'status', status: 503, times: 2, orderId });
      await stack().api.me(clerkId, 'click');
      const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 1, currency: 'USD' };
      await stack().api.publish({ ...sale, clerkId, orderId: 'waited' });
      const id = 'sale_subscription:waited';
      await until(async () => (await stack().conversion(id))?.reason === 'waits_for_parent');
      await stack().temporal.workflow.getHandle(workflowId(id)).result();
      await keep(stack(), 'waited', workflowId(id));
    });
  });
});

describe('with hours to wait', () => {
  let environment: TestWorkflowEnvironment;
  let stack: Stack;
  beforeAll(async () => {
    environment = await startTimeSkipping();
    const temporal = { address: environment.address, namespace: 'default' };
    stack = await startStack({ temporal, impactTimeoutMs: 300, confirmAfterMs: 600_000 });
  });
  afterAll(async () => {
    await stack.stop();
    await environment.teardown();
  });

  it('looked up, and sent again', async () => {
    const { id } = await sell(stack, 'looked-up', { fault: { kind: 'hang' } });
    await stack.untilStatus(id, 'reporting');
    await environment.sleep('2 hours');
    await stack.untilStatus(id, 'confirmed');
    await environment.client.workflow.getHandle(workflowId(id)).result();
    await keep(stack, 'looked-up', workflowId(id));
  });

  it('looked up in vain for two days, and parked', async () => {
    const { id } = await sell(stack, 'timed-out', { fault: { kind: 'hang', times: 20 } });
    await stack.untilStatus(id, 'reporting');
    await environment.sleep('3 days');
    await stack.untilStatus(id, 'parked');
    await keep(stack, 'timed-out', workflowId(id));
  });

  it('asked about for three days, and parked', async () => {
    const { id } = await sell(stack, 'unconfirmed', { plan: { stuck: true } });
    await stack.untilStatus(id, 'submitted');
    await environment.sleep('5 days');
    await stack.untilStatus(id, 'parked');
    await keep(stack, 'unconfirmed', workflowId(id));
  });

  it('parked as it may have arrived, erased, and looked up after a retry', async () => {
    const { id, handle } = await sell(stack, 'erased', { fault: { kind: 'hang', times: 20 } });
    await stack.untilStatus(id, 'reporting');
    await environment.sleep('3 days');
    await stack.untilStatus(id, 'parked');
    await stack.api.eraseUser('user_buyer');
    await handle.signal(SIGNALS.retry);
    await environment.sleep('2 hours');
    await handle.result();
    await keep(stack, 'erased', workflowId(id));
  });
});
