import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS, STATUS_QUERY } from '../../src/domain/workflow-names.js';
import { invoicePayment, newOrder, paidInvoice, refundedCharge } from '../sources/stripe/events.js';
import { REFUSAL } from '../support/refusal.js';
import { resetToStart } from '../support/reset.js';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';
import { deliver } from '../support/stripe-source.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ confirmAfterMs: 100, impactTimeoutMs: 1_000, stripe: {} });
});
afterAll(() => stack.stop());

async function soldAndConfirmed(orderId: string): Promise<string> {
  const { id } = await sell(stack, orderId);
  await stack.untilStatus(id, 'confirmed');
  return id;
}

const adjustmentOf = async (id: string) => (await stack.conversion(id))?.adjustments?.at(-1);

function untilAdjustment(id: string, expected: Record<string, unknown>) {
  return expect.poll(() => adjustmentOf(id)).toMatchObject(expected);
}

const adjustmentsOf = async (id: string) =>
  (await stack.conversion(id))?.adjustments?.map(
    ({ totalAmountCents, status }) => `${totalAmountCents} ${status}`,
  );

const stateAtImpact = async (orderId: string) =>
  (await stack.sandbox.actions(orderId)).map(({ State, Amount }) => ({ State, Amount }));

describe('a conversion that was reported', () => {
  it('is reversed at Impact', async () => {
    const id = await soldAndConfirmed('refund-1');
    expect(await stack.api.reverse(id)).toMatchObject({
      status: 202,
      body: { status: 'confirmed', adjustment: { kind: 'reversal', reason: 'ITEM_RETURNED' } },
    });
    await stack.untilStatus(id, 'reversed');
    expect(await stateAtImpact('refund-1')).toEqual([{ State: 'REVERSED', Amount: 0 }]);
  });

  it('has in its timeline who requested it, and the outcome at Impact', async () => {
    const id = await soldAndConfirmed('refund-timeline');
    await stack.api.reverse(id);
    const { timeline } = await stack.untilStatus(id, 'reversed');
    const words = timeline.map(({ detail }) => detail ?? '');
    expect(words).toContainEqual(expect.stringMatching(/^Reversal \(ITEM_RETURNED\), requested by mch_/));
    expect(words.at(-1)).toBe('Reversal confirmed. Impact accepted it.');
  });

  it('is reversed once: the same request again, as after a lost answer, changes nothing', async () => {
    const id = await soldAndConfirmed('refund-twice');
    await stack.api.reverse(id);
    expect(await stack.api.reverse(id)).toMatchObject({
      status: 202,
      body: { adjustment: { id: 'reversal-1' } },
    });
    const { adjustments } = await stack.untilStatus(id, 'reversed');
    expect(adjustments).toHaveLength(1);
    expect(await stack.api.reverse(id)).toMatchObject({ status: 202, body: { status: 'reversed' } });
  });

  it('is a conflict with another reason, which says where the first reversal stands', async () => {
    const id = await soldAndConfirmed('refund-two-reasons');
    await stack.api.reverse(id);
    expect(await stack.api.reverse(id, { reason: 'CONS_FRAUD' })).toMatchObject({
      status: 409,
      body: { code: 'conversion_reversed', detail: expect.stringContaining('ITEM_RETURNED') },
    });
  });

  it('gets another amount at Impact', async () => {
    const id = await soldAndConfirmed('amount-1');
    expect(await stack.api.setAmount(id, 1_900)).toMatchObject({ status: 202 });
    await untilAdjustment(id, { kind: 'amount', status: 'confirmed' });
    expect(await stateAtImpact('amount-1')).toEqual([{ State: 'PENDING', Amount: 19 }]);
  });

  it('is not changed by the same amount again', async () => {
    const id = await soldAndConfirmed('amount-again');
    await stack.api.setAmount(id, 1_900);
    await stack.api.setAmount(id, 1_900);
    expect((await stack.conversion(id))?.adjustments).toHaveLength(1);
  });

  it('is reversed although an earlier adjustment of its amount is parked', async () => {
    const id = await soldAndConfirmed('amount-parked');
    await stack.sandbox.fault({ ...REFUSAL, resource: 'Actions', orderId: 'amount-parked' });
    await stack.api.setAmount(id, 1_900);
    await untilAdjustment(id, { status: 'parked', parkReason: 'impact_refused' });
    await stack.api.reverse(id);
    const { adjustments } = await stack.untilStatus(id, 'reversed');
    expect(adjustments?.map(({ kind, status }) => [kind, status])).toEqual([
      ['amount', 'abandoned'],
      ['reversal', 'confirmed'],
    ]);
  });
});

describe('a newer amount', () => {
  it('takes the place of one that is parked', async () => {
    const id = await soldAndConfirmed('amount-newer');
    await stack.sandbox.fault({ ...REFUSAL, resource: 'Actions', orderId: 'amount-newer' });
    await stack.api.setAmount(id, 2_900);
    await untilAdjustment(id, { status: 'parked', parkReason: 'impact_refused' });
    await stack.api.setAmount(id, 1_900);
    await expect.poll(() => adjustmentsOf(id)).toEqual(['2900 abandoned', '1900 confirmed']);
    expect(await stateAtImpact('amount-newer')).toEqual([{ State: 'PENDING', Amount: 19 }]);
    expect((await stack.conversion(id))?.adjustments?.[0]?.detail).toBe('A newer amount has replaced it.');
  });

  it('is the only one that is sent, where several wait', async () => {
    const { id } = await sell(stack, 'amount-last', { plan: { stuck: true } });
    await stack.untilStatus(id, 'submitted');
    await stack.api.setAmount(id, 2_900);
    await stack.api.setAmount(id, 1_900);
    await stack.sandbox.forgetPlan('amount-last');
    await expect.poll(() => adjustmentsOf(id)).toEqual(['2900 abandoned', '1900 confirmed']);
    const sent = await stack.sandbox.requests('amount-last');
    expect(sent.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('is the last one that arrived, where 16 arrive at once while the worker sends: each is accepted', async () => {
    const id = await soldAndConfirmed('amounts-at-once');
    const amounts = Array.from({ length: 16 }, (_, index) => 1_000 + index);
    const answers = await Promise.all(amounts.map((amount) => stack.api.setAmount(id, amount)));
    expect(answers.map(({ status }) => status)).toEqual(amounts.map(() => 202));
    const last = await adjustmentOf(id);
    await untilAdjustment(id, { id: last?.id, status: 'confirmed' });
    const inMajorUnits = Number(last?.totalAmountCents) / 100;
    expect(await stateAtImpact('amounts-at-once')).toEqual([{ State: 'PENDING', Amount: inMajorUnits }]);
  });

  it('that is parked itself is not tried again, though its workflow is signalled twice', async () => {
    const id = await soldAndConfirmed('amount-twice');
    await stack.sandbox.fault({ ...REFUSAL, resource: 'Actions', orderId: 'amount-twice', times: 10 });
    await stack.api.setAmount(id, 1_900);
    await untilAdjustment(id, { status: 'parked' });
    const sent = await stack.sandbox.requests('amount-twice');
    const handle = stack.temporal.workflow.getHandle(workflowId(id));
    await handle.signal(SIGNALS.adjust, { amount: true });
    await expect(handle.query(STATUS_QUERY)).resolves.toMatchObject({ status: 'parked', timesParked: 1 });
    expect(await stack.sandbox.requests('amount-twice')).toEqual(sent);
  });
});

describe('a conversion that was not sent', () => {
  it('is never sent, where it is parked', async () => {
    const { id, handle } = await sell(stack, 'unsent-parked', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    expect(await stack.api.reverse(id)).toMatchObject({ status: 202, body: { status: 'reversed' } });
    expect(await handle.result()).toMatchObject({ status: 'reversed' });
    expect(await stack.sandbox.conversions('unsent-parked')).toEqual([]);
  });

  it('is never sent, where Impact has been unavailable', async () => {
    const fault = { kind: 'status', status: 503, times: 1_000 };
    const { id, handle } = await sell(stack, 'unsent-retried', { fault });
    await expect.poll(() => stack.sandbox.requests('unsent-retried')).not.toHaveLength(0);
    await stack.api.reverse(id);
    await stack.sandbox.clearFaults('unsent-retried');
    expect(await handle.result()).toMatchObject({ status: 'reversed' });
    expect(await stack.sandbox.conversions('unsent-retried')).toEqual([]);
  });

  it('is never sent by a workflow reset either', async () => {
    const { id, handle } = await sell(stack, 'unsent-reset', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await stack.api.reverse(id);
    await handle.result();
    await resetToStart(stack, id);
    expect(await handle.result()).toMatchObject({ status: 'reversed' });
    expect(await stack.conversion(id)).toMatchObject({ status: 'reversed' });
    expect(await stack.sandbox.conversions('unsent-reset')).toEqual([]);
  });

  it('is sent with its new amount', async () => {
    const { id, handle } = await sell(stack, 'unsent-amount', { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    await stack.api.setAmount(id, 1_900);
    await handle.signal(SIGNALS.retry);
    await stack.untilStatus(id, 'confirmed');
    const [conversion] = await stack.sandbox.conversions('unsent-amount');
    expect(conversion?.fields).toMatchObject({ Amount: '19.00' });
  });

  it('is reversed without a workflow, where it was skipped', async () => {
    const { body: user } = await stack.api.me('user_organic');
    const id = `signup:${user.userId}`;
    expect(await stack.api.reverse(id)).toMatchObject({ status: 202, body: { status: 'reversed' } });
    await untilAdjustment(id, { status: 'confirmed' });
  });
});

describe('a conversion that Impact is processing', () => {
  it('is confirmed first, and then reversed', async () => {
    const { id } = await sell(stack, 'processing', { plan: { stuck: true } });
    await stack.untilStatus(id, 'submitted');
    await stack.api.reverse(id);
    await untilAdjustment(id, { status: 'reporting' });
    await stack.sandbox.forgetPlan('processing');
    const { timeline } = await stack.untilStatus(id, 'reversed', 20_000);
    expect(timeline.map(({ status }) => status)).toContain('confirmed');
    expect(await stateAtImpact('processing')).toMatchObject([{ State: 'REVERSED' }]);
  });

  it('is over if Impact then turns it down', async () => {
    const { id, handle } = await sell(stack, 'turned-down', { plan: { stuck: true } });
    await stack.untilStatus(id, 'submitted');
    await stack.api.reverse(id);
    await stack.sandbox.plan({ orderId: 'turned-down', errorReason: 'CONTRACT_NOT_FOUND' });
    expect(await handle.result()).toMatchObject({ status: 'reversed' });
    expect(await stack.sandbox.requests('turned-down')).toHaveLength(1);
  });
});

describe('a reversal that cannot go on', () => {
  it('is parked as locked after the locking date, and says so', async () => {
    const id = await soldAndConfirmed('locked');
    await stack.sandbox.changeAction('locked', { LockingDate: '2026-01-01T00:00:00Z' });
    await stack.api.reverse(id);
    await untilAdjustment(id, { status: 'parked', parkReason: 'locked' });
    expect((await adjustmentOf(id))?.detail).toContain('can no longer be changed');
    expect(await stack.conversion(id)).toMatchObject({ status: 'confirmed' });
  });

  it('is listed as parked in the Temporal UI, with its reason', async () => {
    const id = await soldAndConfirmed('locked-listed');
    await stack.sandbox.changeAction('locked-listed', { LockingDate: '2026-01-01T00:00:00Z' });
    await stack.api.reverse(id);
    const listed = async () => {
      const query = 'ConversionStatus="Parked" AND ParkReason="locked"';
      const ids = [];
      for await (const found of stack.temporal.workflow.list({ query })) ids.push(found.workflowId);
      return ids;
    };
    await expect.poll(listed).toContain(workflowId(id));
  });

  it('goes through after a retry signal', async () => {
    const id = await soldAndConfirmed('refund-retry');
    await stack.sandbox.fault({ ...REFUSAL, resource: 'Actions', orderId: 'refund-retry' });
    await stack.api.reverse(id);
    await untilAdjustment(id, { status: 'parked', parkReason: 'impact_refused' });
    await stack.temporal.workflow.getHandle(workflowId(id)).signal(SIGNALS.retry, { by: 'kim' });
    await stack.untilStatus(id, 'reversed');
  });

  it('is abandoned on an abandon signal, and can then be requested again', async () => {
    const id = await soldAndConfirmed('refund-abandon');
    await stack.sandbox.fault({ ...REFUSAL, resource: 'Actions', orderId: 'refund-abandon' });
    await stack.api.reverse(id);
    await untilAdjustment(id, { status: 'parked' });
    await stack.temporal.workflow.getHandle(workflowId(id)).signal(SIGNALS.abandon, { by: 'kim' });
    await untilAdjustment(id, { status: 'abandoned', detail: 'Abandoned by kim.' });
    expect(await stack.api.reverse(id)).toMatchObject({ status: 202 });
    await stack.untilStatus(id, 'reversed');
  });

  it('is confirmed where somebody has reversed the action at Impact already', async () => {
    const id = await soldAndConfirmed('refund-elsewhere');
    await stack.sandbox.changeAction('refund-elsewhere', { State: 'REVERSED' });
    await stack.api.reverse(id);
    const { timeline } = await stack.untilStatus(id, 'reversed');
    expect(timeline.at(-1)?.detail).toContain('as reversed already');
  });

  it('is tried again after an answer that never came', async () => {
    const id = await soldAndConfirmed('refund-hang');
    await stack.sandbox.fault({ kind: 'hang', accepted: true, resource: 'Actions', orderId: 'refund-hang' });
    await stack.api.reverse(id);
    await stack.untilStatus(id, 'reversed');
    expect(await stateAtImpact('refund-hang')).toMatchObject([{ State: 'REVERSED' }]);
  });
});

describe('an adjustment that comes before its order', () => {
  it('keeps the order from being sent, where it is a refund', async () => {
    expect(await stack.api.reverse('sale_subscription:first-refund')).toMatchObject({
      status: 202,
      body: { status: 'skipped', reason: 'order_not_found' },
    });
    await stack.api.publish({ ...ORDER, userId: await buyer(), orderId: 'first-refund' });
    expect(await stack.conversion('sale_subscription:first-refund')).toMatchObject({ status: 'reversed' });
    // A later order has gone through, so this one would have as well.
    await soldAndConfirmed('after-first-refund');
    expect(await stack.sandbox.requests('first-refund')).toEqual([]);
  });

  it('is sent with the order, where it is a new amount', async () => {
    await stack.api.setAmount('sale_subscription:first-amount', 1_900);
    await stack.api.publish({ ...ORDER, userId: await buyer(), orderId: 'first-amount' });
    await stack.untilStatus('sale_subscription:first-amount', 'confirmed');
    expect(await stateAtImpact('first-amount')).toEqual([{ State: 'PENDING', Amount: 19 }]);
  });

  const ORDER = { campaignEventId: 'sale_subscription', totalAmountCents: 4_900, currency: 'USD' };
  const buyer = async () => (await stack.api.me('user_early', 'click')).body.userId as string;
});

describe('an adjustment that cannot be meant', () => {
  it('is 404 for a conversion that there cannot be', async () => {
    expect(await stack.api.reverse('no_such_event:1')).toMatchObject({
      status: 404,
      body: { code: 'conversion_not_found' },
    });
  });

  it.each([{ reason: 'BECAUSE' }, {}])('is 400 with a reason that Impact does not know: %j', async (body) => {
    expect(await stack.api.reverse('sale_subscription:none', body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });

  it.each([0, -1, 1.5, 100_000_000_000])('is 400 with the amount %d', async (totalAmountCents) => {
    expect(await stack.api.setAmount('sale_subscription:none', totalAmountCents)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'totalAmountCents' }] },
    });
  });

  it('is 409 with an amount for an event that has none', async () => {
    const { body: user } = await stack.api.me('user_no_amount', 'click');
    expect(await stack.api.setAmount(`signup:${user.userId}`, 100)).toMatchObject({
      status: 409,
      body: { code: 'no_amount' },
    });
  });

  it('is 409 with an amount for a reversed conversion', async () => {
    const id = await soldAndConfirmed('amount-reversed');
    await stack.api.reverse(id);
    expect(await stack.api.setAmount(id, 100)).toMatchObject({
      status: 409,
      body: { code: 'conversion_reversed' },
    });
  });
});

describe('while Temporal is away', () => {
  it('a refund is kept, and the relay hands it over', async () => {
    const id = await soldAndConfirmed('refund-relayed');
    await stack.db.conversions.updateOne(
      { _id: id },
      {
        $push: {
          adjustments: {
            id: 'reversal-1',
            kind: 'reversal',
            reason: 'ITEM_RETURNED',
            status: 'pending',
            requestedAt: new Date(0),
            requestedBy: 'mch_shop',
          },
        },
      },
    );
    await stack.untilStatus(id, 'reversed');
    const handle = stack.temporal.workflow.getHandle(workflowId(id));
    expect(await handle.result()).toMatchObject({ status: 'reversed' });
  });
});

describe('with Stripe as the source', () => {
  it('a paid invoice is reported, and its refunds change and reverse it at Impact', async () => {
    const order = newOrder();
    const id = `sale_subscription:${order.invoice}`;
    await stack.api.me('user_of_stripe', 'click');
    const send = (event: object) => deliver(stack.apiUrl, event);
    await send(paidInvoice(order, { metadata: { userId: 'user_of_stripe' } }));
    await send(invoicePayment(order));
    await stack.untilStatus(id, 'confirmed');
    expect(await stateAtImpact(order.invoice)).toEqual([{ State: 'PENDING', Amount: 44.1 }]);

    await send(refundedCharge(order, 1_312));
    await untilAdjustment(id, { kind: 'amount', status: 'confirmed' });
    expect(await stateAtImpact(order.invoice)).toEqual([{ State: 'PENDING', Amount: 33.08 }]);

    await send(refundedCharge(order, 5_248));
    await stack.untilStatus(id, 'reversed');
    expect(await stateAtImpact(order.invoice)).toEqual([{ State: 'REVERSED', Amount: 0 }]);
  });
});
