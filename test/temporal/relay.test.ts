import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runRelay } from '../../src/temporal/relay.js';
import { insertPending } from '../support/pending-conversion.js';
import { logger } from '../support/runtime.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;
let stopping: AbortController;
let relay: Promise<void>;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterEach(async () => {
  stopping.abort();
  await relay;
});
afterAll(() => stack.stop());

function startRelay(minimumAgeMs: number): void {
  stopping = new AbortController();
  const follow = { confirmAfterMs: null, confirmWithinMs: 60_000 };
  const deps = { db: stack.db, temporal: stack.temporal, logger, deadlineMs: 5_000, ...follow };
  relay = runRelay(deps, { intervalMs: 20, minimumAgeMs, signal: stopping.signal });
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

  it('works off a backlog of more than one batch', async () => {
    const ids = await Promise.all(
      Array.from({ length: 250 }, async () => (await insertPending(stack.db))._id),
    );
    startRelay(0);
    const waiting = () => stack.db.conversions.countDocuments({ _id: { $in: ids }, status: 'pending' });
    await expect.poll(waiting, { timeout: 20_000 }).toBe(0);
  });
});
