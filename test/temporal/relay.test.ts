import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Adjustment } from '../../src/domain/adjustment.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { runRelay } from '../../src/temporal/relay.js';
import { insertPending, pendingConversion, tooLongId } from '../support/pending-conversion.js';
import { logger } from '../support/runtime.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;
let stopping: AbortController;
let relays: Promise<void>[];

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterEach(async () => {
  stopping.abort();
  await Promise.all(relays);
});
afterAll(() => stack.stop());

function startRelay(minimumAgeMs: number, count = 1): void {
  stopping = new AbortController();
  const follow = { confirmAfterMs: null, confirmWithinMs: 60_000 };
  const deps = { db: stack.db, temporal: stack.temporal, programme, logger, deadlineMs: 5_000, ...follow };
  const options = { intervalMs: 20, minimumAgeMs, signal: stopping.signal };
  relays = Array.from({ length: count }, () => runRelay(deps, options));
}

function pendingReversal(): Adjustment {
  const requestedAt = new Date();
  return {
    id: 'reversal-1',
    kind: 'reversal',
    reason: 'OTHER',
    status: 'pending',
    requestedAt,
    requestedBy: 'shop',
  };
}

describe('the relay', () => {
  it('starts the workflow of a conversion whose process died before it could', async () => {
    const { _id } = await insertPending(stack.db);
    startRelay(0);
    await stack.untilStatus(_id, 'reporting');
  });

  it('leaves conversions alone that the API may still be starting', async () => {
    const young = await insertPending(stack.db);
    const old = await insertPending(stack.db, { createdAt: new Date(Date.now() - 120_000) });
    startRelay(60_000);
    await stack.untilStatus(old._id, 'reporting');
    expect(await stack.conversion(young._id)).toMatchObject({ status: 'pending' });
  });

  it('parks conversions whose workflow Temporal refuses for good, and starts those behind them', async () => {
    const ids = await Promise.all(
      Array.from({ length: 105 }, async (_, index) => {
        const overrides = { _id: tooLongId(index), createdAt: new Date(index) };
        return (await insertPending(stack.db, overrides))._id;
      }),
    );
    const { _id } = await insertPending(stack.db);
    startRelay(0);
    await stack.untilStatus(_id, 'reporting');
    const find = () => stack.db.conversions.find({ _id: { $in: ids }, status: 'parked' }).lean();
    await expect.poll(find, { timeout: 10_000 }).toHaveLength(105);
    const parked = await find();
    const detail = expect.stringContaining('WorkflowId exceeds maximum allowed length');
    for (const { reason, timeline } of parked)
      expect({ reason, last: timeline.at(-1) }).toMatchObject({ reason: 'start_refused', last: { detail } });
  });

  it('starts a conversion behind more than a hundred whose documents are broken', async () => {
    const broken = Array.from({ length: 105 }, (_, index) =>
      pendingConversion({ createdAt: new Date(index), timeline: [] }),
    );
    const withoutTime = broken.map(({ occurredAt: _, ...rest }) => rest);
    await stack.db.conversions.collection.insertMany(withoutTime as never[]);
    onTestFinished(async () => {
      await stack.db.conversions.deleteMany({ occurredAt: { $exists: false } });
    });
    const { _id } = await insertPending(stack.db);
    startRelay(0);
    await stack.untilStatus(_id, 'reporting');
  });

  it('parks a refund whose workflow Temporal refuses for good', async () => {
    const { _id } = await insertPending(stack.db, {
      _id: tooLongId('refunded'),
      status: 'confirmed',
      adjustments: [pendingReversal()],
    });
    startRelay(0);
    const adjustment = async () => (await stack.conversion(_id))?.adjustments?.[0];
    await expect.poll(adjustment).toMatchObject({ status: 'parked', parkReason: 'start_refused' });
    expect(await stack.conversion(_id)).toMatchObject({ status: 'confirmed' });
  });

  it('has nothing to do for a sale that was reversed before Temporal could refuse it', async () => {
    const { _id } = await insertPending(stack.db, {
      _id: tooLongId('reversed'),
      status: 'reversed',
      adjustments: [pendingReversal()],
    });
    startRelay(0);
    const adjustment = async () => (await stack.conversion(_id))?.adjustments?.[0];
    await expect.poll(adjustment).toMatchObject({ status: 'confirmed' });
    expect(await stack.conversion(_id)).toMatchObject({ status: 'reversed' });
  });

  it('works off a backlog of more than one batch, and two relays start few conversions twice', async () => {
    const ids = await Promise.all(
      Array.from({ length: 250 }, async () => (await insertPending(stack.db))._id),
    );
    const start = vi.spyOn(stack.temporal.workflow, 'start');
    onTestFinished(() => start.mockRestore());
    startRelay(0, 2);
    const waiting = () => stack.db.conversions.countDocuments({ _id: { $in: ids }, status: 'pending' });
    await expect.poll(waiting, { timeout: 20_000 }).toBe(0);
    expect(start.mock.calls.length).toBeLessThan(1.4 * ids.length);
  });
});
