import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { payloadWith } from '../../../src/domain/adjustment.js';
import { programmeWith } from '../../support/programme.js';
import { type Stack, startStack } from '../../support/stack.js';
import { userIdOf } from '../../support/user-id.js';
import { expectProblem, namedFields } from '../support.js';
import { newUser, unpublishedSale, WAITING } from './sale.js';

const programme = programmeWith({
  sale_subscription: { type: 'sale', actionTrackerId: 99999, maxAmountCents: { USD: 500_000 } },
});

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false, programme });
});
afterAll(() => stack.stop());

const unpublished = (fields?: object, from?: 'link' | 'nowhere') => unpublishedSale(stack, fields, from);
const stored = async (id: string) => (await stack.conversion(id)) ?? expect.fail(id);

describe('a refund that comes before its order', () => {
  it('is kept, and says that it waits', async () => {
    const { id } = await unpublished();
    expect(await stack.api.reverse(id)).toMatchObject({
      status: 202,
      body: { conversionId: id, ...WAITING, adjustment: { kind: 'reversal', status: 'confirmed' } },
    });
    expect((await stack.api.conversion(id)).body).toMatchObject({
      ...WAITING,
      explanation: { code: 'order_not_found', text: expect.stringContaining('has not been published yet') },
    });
  });

  it('again, as after a lost answer, changes nothing', async () => {
    const { id } = await unpublished();
    const { body: first } = await stack.api.reverse(id);
    expect(await stack.api.reverse(id)).toMatchObject({ status: 202, body: first });
    expect((await stored(id)).adjustments).toHaveLength(1);
  });

  it('is a conflict with another reason', async () => {
    const { id } = await unpublished();
    await stack.api.reverse(id);
    expectProblem(await stack.api.reverse(id, { reason: 'CONS_FRAUD' }), 409, 'conversion_reversed');
  });

  it('reverses its order, which is never reported', async () => {
    const { id, order, userId } = await unpublished();
    await stack.api.reverse(id);
    const { status, body } = await stack.api.publish(order);
    expect({ status, body }).toEqual({ status: 202, body: { conversionId: id, status: 'reversed' } });
    const { orderId, totalAmountCents, currency } = order;
    const met = await stored(id);
    expect(met).toMatchObject({ userId, payload: { orderId, totalAmountCents, currency } });
    expect(met.attribution).toMatchObject({ clickId: 'abc' });
    expect(met).not.toHaveProperty('reason');
    expect(met.timeline.map((line) => line.status)).toEqual(['skipped', 'reversed']);
  });

  it('is found by the order id in another form of Unicode', async () => {
    const orderId = `café-${randomUUID()}`;
    await stack.api.reverse(`sale_subscription:${orderId.normalize('NFD')}`);
    const { order } = await unpublished({ orderId });
    expect((await stack.api.publish(order)).body).toMatchObject({ status: 'reversed' });
  });

  it('of a signup meets it when the user comes', async () => {
    const clerkId = newUser();
    const id = `signup:${userIdOf(clerkId)}`;
    expect(await stack.api.reverse(id)).toMatchObject({ status: 202, body: WAITING });
    await stack.api.me(clerkId, 'abc');
    expect(await stored(id)).toMatchObject({ status: 'reversed', attribution: { clickId: 'abc' } });
    await stack.untilWoken();
  });

  it('is listed by its reason', async () => {
    const { id } = await unpublished();
    await stack.api.reverse(id);
    const { body } = await stack.api.conversions('?reason=order_not_found&limit=1');
    expect(body.conversions).toMatchObject([{ conversionId: id, ...WAITING }]);
  });
});

describe('a new amount that comes before its order', () => {
  it('holds when the order comes, which is reported with it', async () => {
    const { id, order } = await unpublished();
    expect((await stack.api.setAmount(id, 1_900)).body).toMatchObject({
      ...WAITING,
      adjustment: { totalAmountCents: 1_900, status: 'confirmed' },
    });
    expect((await stack.api.publish(order)).body).toEqual({ conversionId: id, status: 'pending' });
    const met = await stored(id);
    expect(met.payload).toMatchObject({ totalAmountCents: 4_900 });
    expect(payloadWith(met, 'effective')).toMatchObject({ totalAmountCents: 1_900, currency: 'USD' });
  });

  it('is one of several: the newest holds, whichever comes first', async () => {
    const { id, order } = await unpublished();
    await stack.api.setAmount(id, 1_900, { effectiveAt: '2024-11-03T09:00:00Z' });
    await stack.api.setAmount(id, 2_900, { effectiveAt: '2024-11-03T08:00:00Z' });
    await stack.api.publish(order);
    expect(payloadWith(await stored(id), 'effective')).toMatchObject({ totalAmountCents: 1_900 });
  });

  it('may name items, of which those count that the order has', async () => {
    const items = ['A', 'B'].map((sku) => ({ sku, category: 'x', quantity: 2, subtotalCents: 2_450 }));
    const { id, order } = await unpublished({ items });
    const left = (sku: string) => ({ sku, quantity: 1, subtotalCents: 1_225 });
    await stack.api.setAmount(id, 3_675, { items: [left('A'), left('C')] });
    await stack.api.publish(order);
    const { items: after } = payloadWith(await stored(id), 'effective');
    expect(after).toEqual([{ ...items[0], ...left('A') }, items[1]]);
  });

  it('cannot name an item twice', async () => {
    const { id } = await unpublished();
    const item = { sku: 'A', quantity: 0, subtotalCents: 0 };
    const answer = await stack.api.setAmount(id, 100, { items: [item, item] });
    expectProblem(answer, 400, 'invalid_request');
    expect(await stack.conversion(id)).toBeNull();
  });

  it('leaves an order of a user without a click skipped', async () => {
    const { id, order } = await unpublished({}, 'nowhere');
    await stack.api.setAmount(id, 1_900);
    expect((await stack.api.publish(order)).body).toMatchObject({ reason: 'no_attribution' });
    expect(await stored(id)).toMatchObject({ status: 'skipped', reason: 'no_attribution' });
  });

  it('above the maximum keeps the order from being recorded, until another amount comes', async () => {
    const { id, order } = await unpublished();
    await stack.api.setAmount(id, 500_001);
    for (const answer of [await stack.api.publish(order), await stack.api.dryRun(order)]) {
      expectProblem(answer, 400, 'amount_too_high');
      expect(namedFields(answer)).toEqual(['totalAmountCents']);
    }
    expect(await stored(id)).toMatchObject(WAITING);
    await stack.api.setAmount(id, 1_900);
    expect((await stack.api.publish(order)).body).toMatchObject({ status: 'pending' });
  });

  it('is refused for an event without amounts', async () => {
    expectProblem(await stack.api.setAmount(`signup:${userIdOf('user_unknown')}`, 100), 409, 'no_amount');
  });
});

describe('a refund of what can never be a conversion', () => {
  it.each([
    'nothing',
    ':A-1',
    'no_such_event:A-1',
    'signupX65f000000000000000000001',
    'signup:not-a-user-id',
    'sale_subscription:',
    'sale_subscription: A-1',
    'sale_subscription:A\u200b1',
    `sale_subscription:${'x'.repeat(65)}`,
    `sale_subscription:${'🛒'.repeat(60)}`,
  ])('is refused: %s', async (id) => {
    expectProblem(await stack.api.reverse(id), 404, 'conversion_not_found');
    expectProblem(await stack.api.setAmount(id, 100), 404, 'conversion_not_found');
    expect(await stack.conversion(id)).toBeNull();
  });
});
