import { writeFile } from 'node:fs/promises';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { AUDIT_WORKFLOW_TYPE } from '../../src/domain/audit.js';
import { type Conversion, workflowId } from '../../src/domain/conversion.js';
import { SIGNALS, TASK_QUEUES } from '../../src/domain/workflow-names.js';
import type { AuditWorkflow } from '../../workflows/index.js';
import { REFUSAL } from '../support/refusal.js';
import { resetToStart } from '../support/reset.js';
import { sell } from '../support/sell.js';
import { QUICK_WATCH, type Stack, type StackOptions, startStack } from '../support/stack.js';
import { temporalCli } from '../support/temporal-cli.js';
import { startTimeSkipping } from '../support/time-skipping.js';
import { until } from '../support/until.js';
import { historyFile } from './histories.js';

/**
 * Each path that a workflow can take, taken on real servers (Impact is the sandbox), and its history kept. Recorded
 * anew only for a path that is new: the old ones are what runs in production.
 */

/** What is of this machine has no place in it: who polled, and where the code lay. */
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

const adjustmentIs = (
  stack: Stack,
  id: string,
  expected: Partial<NonNullable<Conversion['adjustments']>[0]>,
) =>
  until(async () => {
    const adjustment = (await stack.conversion(id))?.adjustments?.at(-1);
    return Object.entries(expected).every(([key, value]) => adjustment?.[key as 'id'] === value);
  });

describe('with confirmation', () => {
  onStack({ confirmAfterMs: 100, watch: QUICK_WATCH }, (stack) => {
    it('confirmed', async () => {
      const { id } = await sell(stack(), 'confirmed');
      await stack().untilStatus(id, 'confirmed');
      await keep(stack(), 'confirmed', workflowId(id));
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
      await stack().untilStatus('sale_subscription:skipped', 'skipped');
      await keep(stack(), 'skipped', workflowId('sale_subscription:skipped'));
    });

    it('parked, and then retried', async () => {
      const { id, handle } = await sell(stack(), 'parked', { fault: REFUSAL });
      await stack().untilStatus(id, 'parked');
      await keep(stack(), 'parked', workflowId(id));
      await handle.signal(SIGNALS.retry, { by: 'kim' });
      await stack().untilStatus(id, 'confirmed');
      await keep(stack(), 'retried', workflowId(id));
    });

    it('parked twice', async () => {
      const { id, handle } = await sell(stack(), 'parked-twice', { fault: { ...REFUSAL, times: 2 } });
      await stack().untilStatus(id, 'parked');
      await handle.signal(SIGNALS.retry);
      await until(async () => (await stack().sandbox.requests('parked-twice')).length === 2);
      await stack().untilStatus(id, 'parked');
      await keep(stack(), 'parked-twice', workflowId(id));
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

    it('abandoned while Impact has it', async () => {
      const { id, handle } = await sell(stack(), 'not-followed', { plan: { stuck: true } });
      await stack().untilStatus(id, 'submitted');
      await handle.signal(SIGNALS.abandon);
      await handle.result();
      await keep(stack(), 'not-followed', workflowId(id));
    });

    it('reset', async () => {
      const { id, handle } = await sell(stack(), 'reset');
      await handle.result();
      await resetToStart(stack(), id);
      await handle.result();
      await keep(stack(), 'reset', workflowId(id));
    });

    it('turned down, and then retried', async () => {
      const plan = { errorReason: 'CONTRACT_NOT_FOUND' };
      const { id, handle } = await sell(stack(), 'turned-down', { plan });
      await stack().untilStatus(id, 'parked');
      await stack().sandbox.forgetPlan('turned-down');
      await handle.signal(SIGNALS.retry);
      await stack().untilStatus(id, 'confirmed');
      await keep(stack(), 'turned-down', workflowId(id));
    });

    it('terminated, and parked again', async () => {
      const { id, handle } = await sell(stack(), 'terminated', { fault: REFUSAL });
      await stack().untilStatus(id, 'parked');
      await handle.terminate();
      await until(async () => (await stack().conversion(id))?.reason === 'workflow_terminated');
      await keep(stack(), 'terminated', workflowId(id));
    });

    it('taken back while it is parked', async () => {
      const { id, handle } = await sell(stack(), 'reversed-unsent', { fault: REFUSAL });
      await stack().untilStatus(id, 'parked');
      await stack().api.reverse(id);
      await handle.result();
      await keep(stack(), 'reversed-unsent', workflowId(id));
    });

    it('reversed while Impact processes it', async () => {
      const { id } = await sell(stack(), 'reversed-processing', { plan: { stuck: true } });
      await stack().untilStatus(id, 'submitted');
      await stack().api.reverse(id);
      await adjustmentIs(stack(), id, { status: 'reporting' });
      await stack().sandbox.forgetPlan('reversed-processing');
      await stack().untilStatus(id, 'reversed');
      await keep(stack(), 'reversed-processing', workflowId(id));
      await keep(stack(), 'reversal', workflowId(id));
    });

    it('a reversal that is parked, and then abandoned', async () => {
      const { id } = await sell(stack(), 'locked');
      await stack().untilStatus(id, 'confirmed');
      await stack().sandbox.changeAction('locked', { LockingDate: '2026-01-01T00:00:00Z' });
      await stack().api.reverse(id);
      await adjustmentIs(stack(), id, { status: 'parked', parkReason: 'locked' });
      await keep(stack(), 'reversal-locked', workflowId(id));
      const handle = stack().temporal.workflow.getHandle(workflowId(id));
      await handle.signal(SIGNALS.abandon, { by: 'kim' });
      await handle.result();
      await keep(stack(), 'reversal-abandoned', workflowId(id));
    });

    it('another amount', async () => {
      const { id } = await sell(stack(), 'amount');
      await stack().untilStatus(id, 'confirmed');
      await stack().api.setAmount(id, 1_900);
      await adjustmentIs(stack(), id, { status: 'confirmed' });
      const handle = stack().temporal.workflow.getHandle(workflowId(id));
      await handle.result();
      await keep(stack(), 'amount', workflowId(id));
    });

    it('an amount that is parked, and replaced', async () => {
      const { id } = await sell(stack(), 'amount-replaced');
      await stack().untilStatus(id, 'confirmed');
      await stack().sandbox.fault({ ...REFUSAL, resource: 'Actions', orderId: 'amount-replaced' });
      await stack().api.setAmount(id, 2_900);
      await adjustmentIs(stack(), id, { status: 'parked' });
      await stack().api.setAmount(id, 1_900);
      await adjustmentIs(stack(), id, { totalAmountCents: 1_900, status: 'confirmed' });
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

describe('without credentials', () => {
  onStack({ credentials: false }, (stack) => {
    it('not configured', async () => {
      const { id, handle } = await sell(stack(), 'not-configured');
      await handle.result();
      await keep(stack(), 'not-configured', workflowId(id));
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

  it('looked up, and not sent again', async () => {
    const { id } = await sell(stack, 'looked-up', { fault: { kind: 'reset', accepted: true } });
    await stack.untilStatus(id, 'reporting');
    await environment.sleep('1 hour');
    await stack.untilStatus(id, 'confirmed');
    await keep(stack, 'looked-up', workflowId(id));
  });

  it('looked up, and sent again', async () => {
    const { id } = await sell(stack, 'sent-again', { fault: { kind: 'hang' } });
    await stack.untilStatus(id, 'reporting');
    await environment.sleep('2 hours');
    await stack.untilStatus(id, 'confirmed');
    await keep(stack, 'sent-again', workflowId(id));
  });

  it('unconfirmed', async () => {
    const { id } = await sell(stack, 'unconfirmed', { plan: { stuck: true } });
    await stack.untilStatus(id, 'submitted');
    await environment.sleep('5 days');
    await stack.untilStatus(id, 'parked');
    await keep(stack, 'unconfirmed', workflowId(id));
  });
});
