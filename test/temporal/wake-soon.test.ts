import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findDue } from '../../src/ledger/find-due.js';
import { createWorkflowStarter } from '../../src/temporal/wake-soon.js';
import { insertPending, tooLongId } from '../support/pending-conversion.js';
import { logger } from '../support/runtime.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

describe('a burst of conversions', () => {
  it('has at most four starts in flight, and leaves the rest to the relay, oldest first', async () => {
    const { db, temporal } = stack;
    const burst = await Promise.all(
      Array.from({ length: 50 }, (_, index) => insertPending(db, { createdAt: new Date(index) })),
    );
    let inFlight = 0;
    let most = 0;
    const withDeadline = temporal.withDeadline.bind(temporal);
    vi.spyOn(temporal, 'withDeadline').mockImplementation(async (deadline, call) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      return withDeadline(deadline, call).finally(() => {
        inFlight -= 1;
      });
    });
    const starter = createWorkflowStarter({ db, temporal, logger, deadlineMs: 5_000 });
    for (const conversion of burst) starter.wakeSoon(conversion);
    await starter.drain();
    expect(most).toBe(4);
    const due: string[] = [];
    for await (const { _id } of findDue(db, new Date())) due.push(_id);
    expect(due).toEqual(burst.map(({ _id }) => _id));
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
