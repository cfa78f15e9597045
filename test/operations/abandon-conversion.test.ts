import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { abandonConversion } from '../../src/operations/abandon-conversion.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import { insertPending, tooLongId } from '../support/pending-conversion.js';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ relay: { intervalMs: 100, minimumAgeMs: 0 } });
});
afterAll(() => stack.stop());

const REVERSAL = {
  id: 'c1',
  kind: 'reversal',
  reason: 'ITEM_RETURNED',
  requestedAt: new Date(),
  requestedBy: 'shop',
} as const;
const NOTE = { by: 'kim', reason: 'test order' };
const abandon = (id: string) => abandonConversion(stack, id, NOTE);

async function lastStep(id: string) {
  return (await stack.conversion(id))?.timeline.at(-1);
}

describe('abandoning what Impact has queued', () => {
  it('ends only the following, and says who decided so', async () => {
    const asking = await startStack({ confirmAfterMs: 3_600_000 });
    const { id, handle } = await sell(asking, 'op-abandon-queued');
    await asking.untilStatus(id, 'submitted');
    expect(await abandonConversion(asking, id, NOTE)).toMatchObject({ workflowId: workflowId(id) });
    await handle.result();
    expect(await asking.conversion(id)).toMatchObject({ status: 'submitted' });
    expect((await asking.conversion(id))?.timeline.at(-1)).toMatchObject({
      detail: 'Not followed any further. Abandoned by kim: test order.',
    });
    await asking.stop();
  });
});

describe('abandoning', () => {
  it('ends a parked conversion, and says who did it and why', async () => {
    const { id, handle } = await sell(stack, 'op-abandon-1', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await abandon(id);
    await handle.result();
    expect(await stack.conversion(id)).toMatchObject({ status: 'abandoned' });
    expect(await lastStep(id)).toMatchObject({ detail: 'Abandoned by kim: test order.' });
    expect(await stack.sandbox.conversions('op-abandon-1')).toEqual([]);
  });

  it('ends a conversion between two attempts', async () => {
    const fault = { kind: 'status', status: 503, times: 1_000 };
    const { id, handle } = await sell(stack, 'op-abandon-2', { fault });
    await expect.poll(() => stack.sandbox.requests('op-abandon-2')).not.toHaveLength(0);
    await abandon(id);
    await handle.result();
    expect(await stack.conversion(id)).toMatchObject({ status: 'abandoned' });
  });

  it('ends a pending conversion that was never started, which is then never reported', async () => {
    // Younger than now for the relay, so that only abandoning it starts anything.
    const createdAt = new Date(Date.now() + 3_600_000);
    const { _id, payload } = await insertPending(stack.db, { createdAt, occurredAt: new Date() });
    await abandon(_id);
    await stack.temporal.workflow.getHandle(workflowId(_id)).result();
    expect(await stack.conversion(_id)).toMatchObject({ status: 'abandoned' });
    expect(await stack.sandbox.requests(String(payload.orderId))).toEqual([]);
  });

  it('ends a pending conversion that the relay starts at the same moment', async () => {
    const { _id, payload } = await insertPending(stack.db, {
      occurredAt: new Date(),
      attribution: { provider: 'impact', clickId: 'click', capturedAt: new Date() },
    });
    await abandon(_id).catch(() => abandon(_id));
    await stack.temporal.workflow.getHandle(workflowId(_id)).result();
    const orderId = String(payload.orderId);
    const sent = (await stack.sandbox.conversions(orderId)).length;
    // What was on the wire already is submitted; anything else is abandoned, and never sent.
    expect(await stack.conversion(_id)).toMatchObject({ status: sent === 0 ? 'abandoned' : 'submitted' });
  });

  it.each(['parked', 'reporting'] as const)('ends a %s conversion whose workflow is gone', async (status) => {
    const { _id, payload } = await insertPending(stack.db, { status });
    await abandon(_id);
    await stack.untilStatus(_id, 'abandoned');
    expect(await lastStep(_id)).toMatchObject({ detail: 'Abandoned by kim: test order.' });
    expect(await stack.sandbox.requests(String(payload.orderId))).toEqual([]);
  });

  it('says where an attempt may have arrived all the same', async () => {
    const submission = { state: 'sending', orderId: 'x', attempts: 1, sentAt: new Date() } as const;
    const { _id } = await insertPending(stack.db, { status: 'reporting', submission });
    await abandon(_id);
    await stack.untilStatus(_id, 'abandoned');
    expect(await lastStep(_id)).toMatchObject({ detail: expect.stringContaining('may have arrived') });
  });

  it.each(['submitted', 'confirmed', 'declined', 'skipped', 'abandoned', 'reversed'] as const)(
    'is refused where a conversion is %s, and no workflow follows it',
    async (status) => {
      const { _id } = await insertPending(stack.db, { status });
      await expect(abandon(_id)).rejects.toMatchObject({
        code: 'conversion_settled',
        message: expect.stringContaining(`is ${status}`),
      });
    },
  );

  it('of a reported conversion ends its parked adjustment', async () => {
    const { _id } = await insertPending(stack.db, {
      status: 'confirmed',
      adjustments: [{ ...REVERSAL, status: 'parked' }],
    });
    await abandon(_id);
    const adjustment = async () => (await stack.conversion(_id))?.adjustments?.[0];
    await expect.poll(adjustment).toMatchObject({
      status: 'abandoned',
      detail: 'Abandoned by kim: test order.',
    });
    expect(await stack.conversion(_id)).toMatchObject({ status: 'confirmed' });
  });

  it.each(['pending', 'parked'] as const)(
    'ends a %s conversion whose workflow Temporal refuses',
    async (status) => {
      const createdAt = new Date(Date.now() + 3_600_000);
      const { _id } = await insertPending(stack.db, { _id: tooLongId(status), status, createdAt });
      expect(await abandon(_id)).toMatchObject({ conversionId: _id, status: 'abandoned' });
      expect(await lastStep(_id)).toMatchObject({ detail: 'Abandoned by kim: test order.' });
    },
  );

  it('ends a parked adjustment of a conversion whose workflow Temporal refuses', async () => {
    const adjustment = { ...REVERSAL, status: 'parked', parkReason: 'start_refused' } as const;
    const reported = { _id: tooLongId('refund'), status: 'confirmed' } as const;
    const { _id } = await insertPending(stack.db, { ...reported, adjustments: [adjustment] });
    expect(await abandon(_id)).toMatchObject({ status: 'confirmed' });
    expect((await stack.conversion(_id))?.adjustments?.[0]).toMatchObject({ status: 'abandoned' });
  });

  it('is refused for a held conversion, and says how to take it back', async () => {
    const held = { status: 'skipped', reason: 'user_not_found', attribution: null } as const;
    const { _id } = await insertPending(stack.db, held);
    await expect(abandon(_id)).rejects.toMatchObject({
      code: 'conversion_settled',
      message: expect.stringContaining('reverse it'),
    });
    expect(await stack.conversion(_id)).toMatchObject(held);
  });

  it('is refused for an unknown conversion', async () => {
    await expect(abandon('signup:nobody')).rejects.toMatchObject({ code: 'conversion_not_found' });
  });

  it('does not take a namespace that does not exist for a workflow that is gone', async () => {
    const { _id } = await insertPending(stack.db, { status: 'parked' });
    const connectionOptions = { address: inject('temporalAddress') };
    const temporal = createTemporalClient({ connectionOptions, namespace: 'no-such-namespace' });
    await expect(abandonConversion({ db: stack.db, temporal }, _id, NOTE)).rejects.toThrow(
      /no-such-namespace/,
    );
    expect(await stack.conversion(_id)).toMatchObject({ status: 'parked' });
  });

  it('says that Temporal does not answer, and leaves a pending conversion to be reported', async () => {
    const createdAt = new Date(Date.now() + 3_600_000);
    const { _id } = await insertPending(stack.db, { createdAt });
    const temporal = createTemporalClient({ connectionOptions: { address: '127.0.0.1:1' } });
    await expect(abandonConversion({ db: stack.db, temporal }, _id, NOTE)).rejects.toMatchObject({
      code: 'temporal_unavailable',
    });
    expect(await stack.conversion(_id)).toMatchObject({ status: 'pending' });
  });
});
