import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { loseWorkflows } from '../support/lose-workflows.js';
import { parkRefund } from '../support/park-refund.js';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';
import { QUICK_WATCH, type Stack, startStack } from '../support/stack.js';
import { until } from '../support/until.js';
import { untilListedAsParked } from '../support/until-listed-as-parked.js';
import { untilWaitingAgain } from '../support/until-waiting-again.js';

/**
 * Whatever becomes of a workflow, and in whichever of its steps: the conversion is reported once, its refund is carried
 * out once, and nothing is sent without an operator's retry.
 */
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({
    confirmAfterMs: 100,
    relay: { intervalMs: 100, minimumAgeMs: 0 },
    watch: QUICK_WATCH,
  });
});
afterAll(() => stack.stop());

const UNAVAILABLE = { kind: 'status', status: 503, times: 1_000 };
const current = (id: string) => stack.temporal.workflow.getHandle(workflowId(id));
const methodsOf = async (orderId: string) =>
  (await stack.sandbox.requests(orderId)).map(({ method, status }) => `${method} ${status}`);

/** Brings the sale of an order into a step of its workflow, and says how it ends once it may go on. */
const STEPS = {
  report: {
    end: 'confirmed',
    async reach(orderId: string) {
      await sell(stack, orderId, { fault: UNAVAILABLE });
      await until(async () => (await methodsOf(orderId)).length > 0);
    },
  },
  'wait for an operator': {
    end: 'confirmed',
    async reach(orderId: string) {
      const { id } = await sell(stack, orderId, { fault: REFUSAL });
      await stack.untilStatus(id, 'parked');
    },
  },
  confirm: {
    end: 'confirmed',
    async reach(orderId: string) {
      const { id } = await sell(stack, orderId, { plan: { stuck: true } });
      await stack.untilStatus(id, 'submitted');
    },
  },
  adjust: {
    end: 'reversed',
    async reach(orderId: string) {
      const { id } = await sell(stack, orderId);
      await stack.untilStatus(id, 'confirmed');
      await stack.sandbox.fault({ ...UNAVAILABLE, resource: 'Actions', orderId });
      await stack.api.reverse(id);
      await until(async () => (await methodsOf(orderId)).includes('DELETE 503'));
    },
  },
  'wait with a refund': {
    end: 'reversed',
    async reach(orderId: string) {
      await parkRefund(stack, orderId);
    },
  },
} as const;

type StepName = keyof typeof STEPS;
const NAMES = Object.keys(STEPS) as StepName[];
const orderOf = (what: string, name: StepName) => `${what}-${name.replaceAll(' ', '-')}`;
const idOf = (orderId: string) => `sale_subscription:${orderId}`;

/** Impact is well again, and an operator has retried what waits. */
async function goOn(orderId: string): Promise<void> {
  await stack.sandbox.clearFaults(orderId);
  await stack.sandbox.forgetPlan(orderId);
}

async function expectOnce(orderId: string, name: StepName): Promise<void> {
  await stack.untilStatus(idOf(orderId), STEPS[name].end);
  expect(await stack.sandbox.conversions(orderId)).toHaveLength(1);
  expect(await stack.sandbox.actions(orderId)).toHaveLength(1);
  // Impact had it already, so not even an attempt was made.
  if (name === 'confirm') expect(await methodsOf(orderId)).toEqual(['POST 200']);
}

/** Of its refund, if it has one. */
async function parkReasonOf(orderId: string): Promise<string | undefined> {
  const conversion = await stack.conversion(idOf(orderId));
  return conversion?.adjustments?.at(-1)?.parkReason ?? conversion?.reason;
}

describe('a workflow that somebody terminates', () => {
  it.each(NAMES)('in the step %s waits for a retry, and then does it once', async (name) => {
    const orderId = orderOf('terminated', name);
    await STEPS[name].reach(orderId);
    const { runId } = await current(idOf(orderId)).describe();
    await current(idOf(orderId)).terminate('test');
    await untilWaitingAgain(stack, idOf(orderId), runId);
    expect(await parkReasonOf(orderId)).toBe('workflow_terminated');
    await goOn(orderId);
    await current(idOf(orderId)).signal(SIGNALS.retry);
    await expectOnce(orderId, name);
  });

  it('before its first step parks, and is not started by the relay', async () => {
    await stack.stopWorkers();
    const { body: user } = await stack.api.me('user_before', 'click');
    const id = `signup:${user.userId}`;
    await stack.untilStarted(id);
    await current(id).terminate('test');
    await stack.startWorker();
    expect(await stack.untilStatus(id, 'parked')).toMatchObject({ reason: 'workflow_terminated' });
    expect(await stack.sandbox.requests(`signup-${user.userId}`)).toEqual([]);
  });
});

describe('a workflow that Temporal loses', { timeout: 60_000 }, () => {
  it('in any step is there again, waits where it could send, and does it once', async () => {
    const orders = NAMES.map((name) => ({ ...STEPS[name], name, orderId: orderOf('lost', name) }));
    for (const { reach, orderId } of orders) await reach(orderId);
    const parked = idOf(orderOf('lost', 'wait for an operator'));
    const { timeline } = await stack.untilStatus(parked, 'parked');
    await loseWorkflows(
      stack,
      orders.map(({ orderId }) => workflowId(idOf(orderId))),
    );
    for (const { orderId } of orders) await goOn(orderId);
    const waiting = orders.filter(({ name }) => name !== 'confirm').map(({ orderId }) => idOf(orderId));
    await untilListedAsParked(stack.temporal, waiting);
    expect(await stack.conversion(parked)).toMatchObject({ reason: 'impact_refused', timeline });
    const sending = await stack.conversion(idOf(orderOf('lost', 'report')));
    expect(sending).toMatchObject({ status: 'parked', reason: 'workflow_lost' });
    expect(sending?.timeline.at(-1)?.detail).toContain('Temporal does not have its workflow any more');
    for (const id of waiting) await current(id).signal(SIGNALS.retry);
    for (const { orderId, name } of orders) await expectOnce(orderId, name);
  });
});

describe('an abandon while the report is on the wire', () => {
  it('stops following what Impact then takes, and does not abandon the refund after it', async () => {
    const { id } = await sell(stack, 'abandon-refund', { fault: { kind: 'delay', delayMs: 1_500 } });
    await until(async () => (await methodsOf('abandon-refund')).length > 0);
    await stack.api.reverse(id);
    await current(id).signal(SIGNALS.abandon, { by: 'kim' });
    const line = { status: 'submitted', detail: 'Not followed any further. Abandoned by kim.' };
    await expect
      .poll(async () => (await stack.conversion(id))?.timeline)
      .toContainEqual(expect.objectContaining(line));
    // Impact may not have processed the conversion yet, so the refund waits for half an hour.
    await expect
      .poll(() => current(id).query('status'))
      .toMatchObject({ status: 'reporting', adjustmentId: 'reversal-1' });
    await current(id).terminate();
  });
});

describe('a reset to any point', () => {
  /** The ends of the workflow tasks of the newest run: where a reset may begin. */
  async function pointsOf(id: string): Promise<{ runId: string; eventIds: Long[] }> {
    const { runId } = await current(id).describe();
    const { events } = await stack.temporal.workflow.getHandle(workflowId(id), runId).fetchHistory();
    const eventIds = (events ?? []).flatMap((event) =>
      event.workflowTaskCompletedEventAttributes && event.eventId ? [event.eventId as Long] : [],
    );
    return { runId, eventIds };
  }

  async function resetTo(id: string, runId: string, eventId: Long): Promise<void> {
    const { workflowService, options } = stack.temporal;
    await workflowService.resetWorkflowExecution({
      namespace: options.namespace,
      workflowExecution: { workflowId: workflowId(id), runId },
      reason: 'test',
      requestId: crypto.randomUUID(),
      workflowTaskFinishEventId: eventId,
    });
  }

  it('of a conversion that was parked, retried and confirmed sends nothing more', async () => {
    const { id, handle } = await sell(stack, 'reset-reported', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await handle.signal(SIGNALS.retry);
    await handle.result();
    const sent = await methodsOf('reset-reported');
    const { runId, eventIds } = await pointsOf(id);
    expect(eventIds.length).toBeGreaterThanOrEqual(4);
    for (const eventId of eventIds) {
      await resetTo(id, runId, eventId);
      expect(await current(id).result()).toMatchObject({ status: 'confirmed' });
    }
    expect((await methodsOf('reset-reported')).filter((method) => method.startsWith('POST'))).toEqual(
      sent.filter((method) => method.startsWith('POST')),
    );
  });

  it('of a refund that was parked, retried and confirmed reverses nothing more', async () => {
    const id = await parkRefund(stack, 'reset-refund');
    await current(id).signal(SIGNALS.retry);
    await stack.untilStatus(id, 'reversed');
    await current(id).result();
    const reversals = async () =>
      (await methodsOf('reset-refund')).filter((method) => method.startsWith('DELETE'));
    const sent = await reversals();
    const { runId, eventIds } = await pointsOf(id);
    for (const eventId of eventIds) {
      await resetTo(id, runId, eventId);
      expect(await current(id).result()).toMatchObject({ status: 'reversed' });
    }
    expect(await reversals()).toEqual(sent);
    expect(await stack.sandbox.actions('reset-refund')).toMatchObject([{ State: 'REVERSED' }]);
  });
});

type Long = NonNullable<
  Parameters<Stack['temporal']['workflowService']['resetWorkflowExecution']>[0]['workflowTaskFinishEventId']
>;
