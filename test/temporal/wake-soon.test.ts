import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { findDue } from '../../src/ledger/find-due.js';
import { RELAY } from '../../src/temporal/relay.js';
import { createWorkflowStarter } from '../../src/temporal/wake-soon.js';
import { insertPending, tooLongId } from '../support/pending-conversion.js';
import { logger } from '../support/runtime.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a burst of conversions', () => {
  const aBurst = () =>
    Promise.all(
      Array.from({ length: 20 }, (_, index) => insertPending(stack.db, { createdAt: new Date(index) })),
    );
  const callsOfTemporal = () => vi.spyOn(stack.temporal, 'withDeadline');
  const burstStarter = () => {
    const { db, temporal } = stack;
    return createWorkflowStarter({ db, temporal, logger, deadlineMs: 5_000 });
  };

  it('is started whole, and has at most two starts in flight', async () => {
    const burst = await aBurst();
    let inFlight = 0;
    let most = 0;
    const withDeadline = stack.temporal.withDeadline.bind(stack.temporal);
    callsOfTemporal().mockImplementation(async (deadline, call) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      return withDeadline(deadline, call).finally(() => {
        inFlight -= 1;
      });
    });
    const starter = burstStarter();
    for (const conversion of burst) starter.wakeSoon(conversion);
    await starter.drain();
    expect(most).toBe(2);
    const ids = burst.map(({ _id }) => `"${workflowId(_id)}"`).join(', ');
    await expect
      .poll(() => stack.temporal.workflow.count(`WorkflowId IN (${ids})`))
      .toMatchObject({ count: burst.length });
  });

  it('is left to the relay once a start fails, oldest first', async () => {
    const burst = await aBurst();
    const calls = callsOfTemporal().mockRejectedValue(new Error('away'));
    const starter = burstStarter();
    for (const conversion of burst) starter.wakeSoon(conversion);
    await starter.drain();
    expect(calls.mock.calls.length).toBeLessThanOrEqual(2);
    const due: string[] = [];
    for await (const { _id } of findDue(stack.db, new Date())) due.push(_id);
    expect(due.filter((id) => burst.some(({ _id }) => _id === id))).toEqual(burst.map(({ _id }) => _id));
  });

  it('is left to the relay once it has waited as long as the relay lets it', async () => {
    const burst = await aBurst();
    const calls = callsOfTemporal().mockImplementation(async () => {
      vi.setSystemTime(Date.now() + RELAY.minimumAgeMs);
    });
    vi.useFakeTimers({ toFake: ['Date'] });
    const starter = burstStarter();
    for (const conversion of burst) starter.wakeSoon(conversion);
    await starter.drain();
    expect(calls.mock.calls.length).toBeLessThanOrEqual(2);
  });
});

describe('a conversion whose workflow Temporal refuses for good', () => {
  it('is parked at once', async () => {
    const { db, temporal } = stack;
    const conversion = await insertPending(db, { _id: tooLongId('soon') });
    const starter = createWorkflowStarter({ db, temporal, logger, deadlineMs: 5_000 });
    starter.wakeSoon(conversion);
    await starter.drain();
    expect(await stack.conversion(conversion._id)).toMatchObject({
      status: 'parked',
      reason: 'start_refused',
    });
  });
});

describe('a conversion that has nothing to be started for', () => {
  it.each(['skipped', 'confirmed', 'reversed'] as const)('starts nothing: %s', async (status) => {
    const { db, temporal } = stack;
    const conversion = await insertPending(db, { status });
    const starter = createWorkflowStarter({ db, temporal, logger, deadlineMs: 5_000 });
    starter.wakeSoon(conversion);
    await starter.drain();
    const query = `WorkflowId = "conversion/sale_subscription/${conversion.payload.orderId}"`;
    expect((await temporal.workflow.count(query)).count).toBe(0);
  });
});
