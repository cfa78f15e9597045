import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programmeWith } from '../../support/programme.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem, namedFields } from '../support.js';
import { sale } from './sale.js';

/** A programme sets a maximum with one member of the event. */
const programme = programmeWith({
  sale_subscription: {
    type: 'sale',
    actionTrackerId: 99999,
    maxAmountCents: { USD: 500_000, JPY: 50_000 },
  },
});

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false, programme });
});
afterAll(() => stack.stop());

const newSale = async (totalAmountCents: number, currency = 'USD') => {
  const clerkId = `user_${randomUUID()}`;
  await stack.api.me(clerkId, 'abc');
  const orderId = `order-${randomUUID()}`;
  return { campaignEventId: 'sale_subscription', clerkId, orderId, totalAmountCents, currency };
};
async function published(totalAmountCents: number, currency = 'USD'): Promise<string> {
  const { status, body } = await stack.api.publish(await newSale(totalAmountCents, currency));
  expect(status).toBe(202);
  return body.conversionId;
}

describe("a campaign event's maximum", () => {
  it.each([
    [500_000, 'USD'],
    [50_000, 'JPY'],
  ])('takes %i %s', async (amount, currency) => {
    await published(amount, currency);
  });

  it.each([
    [500_001, 'USD', 'at most 5000.00 USD'],
    [50_001, 'JPY', 'at most 50000 JPY'],
    [1, 'EUR', 'in USD, JPY only'],
  ])('refuses to publish %i %s', async (amount, currency, limit) => {
    const sale = await newSale(amount, currency);
    for (const answer of [await stack.api.publish(sale), await stack.api.dryRun(sale)]) {
      expectProblem(answer, 400, 'amount_too_high');
      expect(answer.body.detail).toContain(limit);
      expect(namedFields(answer)).toEqual(['totalAmountCents']);
    }
    expect(await stack.conversion(`sale_subscription:${sale.orderId}`)).toBeNull();
  });

  it('refuses no sale that is recorded already, as its maximum may have been lowered since', async () => {
    const sale = await newSale(4_900);
    await stack.api.publish(sale);
    const _id = `sale_subscription:${sale.orderId}`;
    await stack.db.conversions.updateOne({ _id }, { $set: { 'payload.totalAmountCents': 900_000 } });
    const again = { ...sale, totalAmountCents: 900_000 };
    expect((await stack.api.publish(again)).status).toBe(202);
    expect((await stack.api.dryRun(again)).body).toMatchObject({ wouldBe: 'unchanged' });
  });

  it('refuses to raise an amount above it', async () => {
    const id = await published(4_900);
    expectProblem(await stack.api.setAmount(id, 500_001), 400, 'amount_too_high');
    expect(await stack.conversion(id)).not.toHaveProperty('adjustments');
    expect((await stack.api.setAmount(id, 500_000)).status).toBe(202);
  });

  it('lets an amount that is above it become lower, as after a refund', async () => {
    const id = await published(4_900);
    await stack.db.conversions.updateOne({ _id: id }, { $set: { 'payload.totalAmountCents': 900_000 } });
    expect((await stack.api.setAmount(id, 800_000)).status).toBe(202);
    expectProblem(await stack.api.setAmount(id, 850_000), 400, 'amount_too_high');
  });
});

describe('the largest amount that Impact takes', () => {
  const unlimited = programmeWith({});
  let open: Stack;

  beforeAll(async () => {
    open = await startStack({ worker: false, programme: unlimited });
  });
  afterAll(() => open.stop());

  async function sold(currency: string, more: object = {}): Promise<string> {
    const clerkId = `user_${randomUUID()}`;
    await open.api.me(clerkId, 'abc');
    return (await open.api.publish(sale({ clerkId, currency, ...more }))).body.conversionId;
  }

  it.each([
    ['JPY', 99_999_999, '99999999 JPY'],
    ['USD', 9_999_999_999, '99999999.99 USD'],
    ['KWD', 99_999_999_990, '99999999.99 KWD'],
  ])('in %s is %i minor units', async (currency, largest, words) => {
    const id = await sold(currency);
    expect((await open.api.setAmount(id, largest)).status).toBe(202);
    const answer = await open.api.setAmount(id, largest + 1);
    // No currency has more than the last.
    expectProblem(answer, 400, currency === 'KWD' ? 'invalid_request' : 'amount_too_high');
    expect(namedFields(answer)).toEqual(['totalAmountCents']);
    if (currency !== 'KWD') expect(answer.body.detail).toContain(words);
  });

  it('includes the discount, which Impact subtracts', async () => {
    const id = await sold('JPY', { discountCents: 100 });
    expect((await open.api.setAmount(id, 99_999_899)).status).toBe(202);
    expectProblem(await open.api.setAmount(id, 99_999_900), 400, 'amount_too_high');
  });

  it('is what the items may come to as well', async () => {
    const items = [{ sku: 'A', category: 'x', quantity: 1, subtotalCents: 4_900 }];
    const id = await sold('JPY', { items });
    const changed = [{ sku: 'A', quantity: 1, subtotalCents: 100_000_000 }];
    const answer = await open.api.setAmount(id, 4_900, { items: changed });
    expectProblem(answer, 400, 'amount_too_high');
    expect(namedFields(answer)).toEqual(['items']);
  });
});

describe('amounts and adjustments are counted', () => {
  async function counted() {
    const { amounts, adjustments } = stack.metrics;
    const values = [...(await amounts.get()).values, ...(await adjustments.get()).values];
    return Object.fromEntries(values.map(({ labels, value }) => [Object.values(labels).join(' '), value]));
  }

  /** What `work` adds. */
  async function increase(work: () => Promise<unknown>) {
    const before = await counted();
    await work();
    const after = Object.entries(await counted());
    const added = after.map(
      ([name, value]) => [name, Math.round((value - (before[name] ?? 0)) * 100) / 100] as const,
    );
    return Object.fromEntries(added.filter(([, value]) => value !== 0));
  }

  it('as published, in major units, and once', async () => {
    const sale = await newSale(4_999);
    const twice = async () => [await stack.api.publish(sale), await stack.api.publish(sale)];
    expect(await increase(twice)).toEqual({ 'sale_subscription USD published': 49.99 });
    expect(await increase(() => published(4_900, 'JPY'))).toEqual({
      'sale_subscription JPY published': 4_900,
    });
  });

  it('as raised and reduced, by the difference, and once', async () => {
    const id = await published(1_000);
    const twice = async (cents: number) => [
      await stack.api.setAmount(id, cents),
      await stack.api.setAmount(id, cents),
    ];
    expect(await increase(() => twice(3_000))).toEqual({
      'sale_subscription USD raised': 20,
      'sale_subscription raise': 1,
    });
    expect(await increase(() => twice(2_500))).toEqual({
      'sale_subscription USD reduced': 5,
      'sale_subscription reduction': 1,
    });
    expect(await increase(() => stack.api.reverse(id))).toEqual({
      'sale_subscription USD reversed': 25,
      'sale_subscription reversal': 1,
    });
  });

  it('as a reversal of what has no amount', async () => {
    const { body: user } = await stack.api.me(`user_${randomUUID()}`, 'abc');
    expect(await increase(() => stack.api.reverse(`signup:${user.userId}`))).toEqual({
      'signup reversal': 1,
    });
  });

  it('as a reduction, if only a sale that has not come yet has the amount before', async () => {
    const id = `sale_subscription:order-${randomUUID()}`;
    expect(await increase(() => stack.api.setAmount(id, 1_000))).toEqual({
      'sale_subscription reduction': 1,
    });
  });

  it('not if they arrive after a newer one', async () => {
    const id = await published(1_000);
    await stack.api.setAmount(id, 900, { effectiveAt: '2024-11-03T09:00:00Z' });
    const late = { effectiveAt: '2024-11-03T08:00:00Z' };
    expect(await increase(() => stack.api.setAmount(id, 800, late))).toEqual({});
  });

  it('not if they are refused', async () => {
    const id = await published(1_000);
    expect(await increase(() => stack.api.setAmount(id, 500_001))).toEqual({});
  });
});
