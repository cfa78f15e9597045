import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { DomainError, type ErrorCode } from '../../src/domain/errors.js';
import { abandonConversion } from '../../src/operations/abandon-conversion.js';
import { retryConversion } from '../../src/operations/retry-conversion.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import { insertPending, tooLongId } from '../support/pending-conversion.js';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ relay: { intervalMs: 100, minimumAgeMs: 2_000 } });
});
afterAll(() => stack.stop());

const retry = (id: string, restart?: boolean) => retryConversion(stack, id, { by: 'kim', restart });
const abandon = (id: string) => abandonConversion(stack, id, { by: 'kim', reason: 'test order' });

async function refused(running: Promise<unknown>): Promise<{ code: ErrorCode; message: string }> {
  const error = await running.catch((reason: unknown) => reason);
  if (!(error instanceof DomainError)) throw new Error('it should have been refused', { cause: error });
  return { code: error.code, message: error.message };
}

async function detailsOf(id: string) {
  return (await stack.conversion(id))?.timeline.map(({ status, detail }) => [status, detail]);
}

async function parked(orderId: string) {
  const sold = await sell(stack, orderId, { fault: REFUSAL });
  await stack.untilStatus(sold.id, 'parked');
  return sold;
}

async function abandoned(orderId: string) {
  const sold = await parked(orderId);
  await abandon(sold.id);
  await sold.handle.result();
  return sold;
}

describe('a retry', () => {
  it('has the workflow of a parked conversion report it, and says who did it', async () => {
    const { id } = await parked('op-retry-1');
    expect(await retry(id)).toMatchObject({ conversionId: id, workflowId: workflowId(id) });
    await stack.untilStatus(id, 'submitted');
    expect(await detailsOf(id)).toContainEqual(['reporting', 'Retried by kim.']);
  });

  it('requested twice reports once', async () => {
    const { id, handle } = await parked('op-retry-2');
    await Promise.all([retry(id), retry(id)]);
    await handle.result();
    expect(await stack.sandbox.conversions('op-retry-2')).toHaveLength(1);
  });

  it('starts the workflow of a parked conversion again that was terminated', async () => {
    const { id, handle } = await parked('op-retry-3');
    await handle.terminate('a mistake');
    await retry(id);
    await stack.untilStatus(id, 'submitted');
    expect(await stack.sandbox.conversions('op-retry-3')).toHaveLength(1);
    expect(await detailsOf(id)).toContainEqual(['reporting', 'Retried by kim.']);
  });

  it('requested twice after the workflow was terminated reports once', async () => {
    const { id, handle } = await parked('op-retry-4');
    await handle.terminate();
    await Promise.allSettled([retry(id), retry(id), retry(id)]);
    await stack.untilStatus(id, 'submitted');
    await stack.temporal.workflow.getHandle(workflowId(id)).result();
    expect(await stack.sandbox.requests('op-retry-4')).toHaveLength(2);
    expect(await stack.sandbox.conversions('op-retry-4')).toHaveLength(1);
  });

  it('does not send again what Impact has queued, whose workflow was terminated', async () => {
    const { id, handle } = await sell(stack, 'op-retry-5');
    await stack.untilStatus(id, 'submitted');
    await handle.result();
    await stack.db.conversions.updateOne({ _id: id }, { status: 'parked', reason: 'unconfirmed' });
    await retry(id);
    await stack.untilStatus(id, 'submitted');
    await stack.temporal.workflow.getHandle(workflowId(id)).result();
    expect(await stack.sandbox.requests('op-retry-5')).toHaveLength(1);
  });

  it.each(['pending', 'reporting', 'submitted', 'confirmed', 'skipped'] as const)(
    'is refused where the conversion is %s, with its state',
    async (status) => {
      const createdAt = new Date(Date.now() + 3_600_000);
      const { _id } = await insertPending(stack.db, { status, createdAt });
      const { code, message } = await refused(retry(_id));
      expect({ code, message }).toEqual({
        code: 'conversion_not_parked',
        message: expect.stringContaining(`is ${status}`),
      });
    },
  );

  it('is refused for a held conversion, restart or not, as it waits for its user', async () => {
    const held = { status: 'skipped', reason: 'user_not_found', attribution: null } as const;
    const { _id } = await insertPending(stack.db, held);
    for (const restart of [false, true])
      expect(await refused(retry(_id, restart))).toEqual({
        code: 'conversion_not_parked',
        message: expect.stringContaining('once the user appears'),
      });
    expect(await stack.conversion(_id)).toMatchObject({ ...held, timeline: [] });
  });

  it('is refused for a reversed conversion, restart or not', async () => {
    const { _id } = await insertPending(stack.db, { status: 'reversed' });
    expect(await refused(retry(_id))).toMatchObject({ code: 'conversion_reversed' });
    expect(await refused(retry(_id, true))).toMatchObject({ code: 'conversion_reversed' });
  });

  it('of an unknown conversion is refused', async () => {
    expect(await refused(retry('signup:nobody'))).toMatchObject({ code: 'conversion_not_found' });
  });

  it('reports a conversion whose workflow Temporal had refused, once it takes it', async () => {
    const { body: user } = await stack.api.me('user_op-taken', 'click');
    const refusedBefore = { status: 'parked', reason: 'start_refused', userId: String(user.userId) } as const;
    const { _id, payload } = await insertPending(stack.db, refusedBefore);
    await retry(_id);
    await stack.untilStatus(_id, 'submitted');
    expect(await stack.sandbox.conversions(String(payload.orderId))).toHaveLength(1);
  });

  it('is refused with the words of Temporal while Temporal refuses the workflow', async () => {
    const parkedBefore = { status: 'parked', reason: 'start_refused' } as const;
    const { _id } = await insertPending(stack.db, { _id: tooLongId('retried'), ...parkedBefore });
    const { code, message } = await refused(retry(_id));
    expect({ code, message }).toEqual({
      code: 'start_refused',
      message: expect.stringContaining('WorkflowId exceeds maximum allowed length (256/255)'),
    });
    expect(await stack.conversion(_id)).toMatchObject(parkedBefore);
  });

  it('says that Temporal does not answer, and leaves the conversion parked', async () => {
    const { _id } = await insertPending(stack.db, { status: 'parked', reason: 'impact_refused' });
    const temporal = createTemporalClient({ connectionOptions: { address: '127.0.0.1:1' } });
    const running = retryConversion({ db: stack.db, temporal }, _id, { by: 'kim' });
    expect(await refused(running)).toMatchObject({ code: 'temporal_unavailable' });
    expect(await stack.conversion(_id)).toMatchObject({ status: 'parked', timeline: [] });
  });
});

describe('a retry of an abandoned conversion', () => {
  it('is refused unless it is a restart', async () => {
    const { id } = await abandoned('op-restart-1');
    expect(await refused(retry(id))).toMatchObject({
      code: 'conversion_abandoned',
      message: expect.stringContaining('restart'),
    });
    expect(await stack.sandbox.conversions('op-restart-1')).toEqual([]);
  });

  it('reports it once where it is a restart, by the same workflow id and order id', async () => {
    const { id } = await abandoned('op-restart-2');
    await retry(id, true);
    await stack.untilStatus(id, 'submitted');
    await stack.temporal.workflow.getHandle(workflowId(id)).result();
    expect(await stack.sandbox.conversions('op-restart-2')).toHaveLength(1);
    expect(await detailsOf(id)).toContainEqual(['reporting', 'Restarted by kim.']);
  });

  it('reports it once, however often a restart is requested at once', async () => {
    const { id } = await abandoned('op-restart-3');
    await Promise.all([retry(id, true), retry(id, true), retry(id, true)]);
    await stack.untilStatus(id, 'submitted');
    await stack.temporal.workflow.getHandle(workflowId(id)).result();
    expect(await stack.sandbox.requests('op-restart-3')).toHaveLength(2);
    expect(await stack.sandbox.conversions('op-restart-3')).toHaveLength(1);
  });

  it('leaves it abandoned, and says so, while Temporal is away', async () => {
    const { id } = await abandoned('op-restart-4');
    const temporal = createTemporalClient({ connectionOptions: { address: '127.0.0.1:1' } });
    const running = retryConversion({ db: stack.db, temporal }, id, { by: 'kim', restart: true });
    expect(await refused(running)).toMatchObject({ code: 'temporal_unavailable' });
    expect(await stack.conversion(id)).toMatchObject({ status: 'abandoned' });
  });
});

describe('a retry of a declined conversion', () => {
  it('is refused unless it is a restart, which sends it again', async () => {
    const { body: user } = await stack.api.me('user_op-declined', 'click');
    const declined = { status: 'declined', reason: 'unclaimed', userId: String(user.userId) } as const;
    const { _id, payload } = await insertPending(stack.db, { ...declined, occurredAt: new Date() });
    expect(await refused(retry(_id))).toMatchObject({ code: 'conversion_declined' });
    await retry(_id, true);
    await stack.untilStatus(_id, 'submitted');
    expect(await stack.sandbox.conversions(String(payload.orderId))).toHaveLength(1);
  });
});

describe('a retry of a skipped conversion', () => {
  it.each([
    ['provider_not_configured', 'no restart', undefined],
    ['outside_referral_window', 'a restart', true],
  ])('decides again: %s needs %s', async (reason, _, restart) => {
    const { _id, payload } = await insertPending(stack.db, { status: 'skipped', reason });
    await retry(_id, restart);
    await stack.untilStatus(_id, 'submitted');
    expect(await stack.sandbox.conversions(String(payload.orderId))).toHaveLength(1);
  });
});

describe('a retry of a parked adjustment', () => {
  const adjustment = {
    id: 'c1',
    kind: 'reversal',
    reason: 'ITEM_RETURNED',
    status: 'parked',
    parkReason: 'impact_unavailable',
    requestedAt: new Date(),
    requestedBy: 'shop',
  } as const;

  it('signals the workflow of the conversion, or starts it: the adjustment is sent again', async () => {
    const { id } = await sell(stack, 'op-refund');
    await stack.untilStatus(id, 'submitted');
    const confirmed = { status: 'confirmed', adjustments: [adjustment] };
    await stack.db.conversions.updateOne({ _id: id }, { $set: confirmed });
    expect(await retry(id)).toMatchObject({ status: 'confirmed', workflowId: workflowId(id) });
    await expect
      .poll(() => detailsOf(id))
      .toContainEqual(['confirmed', 'Reversal reporting. Retried by kim.']);
    await expect.poll(() => stack.sandbox.actions('op-refund')).toMatchObject([{ State: 'REVERSED' }]);
  });
});
