import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ confirmAfterMs: 100 });
});
afterAll(() => stack.stop());

const ITEMS = [
  { sku: 'shirt', category: 'clothes', quantity: 2, subtotalCents: 3_000 },
  { sku: 'shoes', category: 'footwear', quantity: 1, subtotalCents: 2_000 },
];
/** 60 USD less 10. */
const DISCOUNTED = {
  totalAmountCents: 5_000,
  discountCents: 1_000,
  items: [{ ...ITEMS[0], subtotalCents: 4_000 }, ITEMS[1]],
};

const left = (sku: string, quantity: number, subtotalCents = 0) => ({ sku, quantity, subtotalCents });

async function soldAndConfirmed(orderId: string, fields: object = { totalAmountCents: 5_000, items: ITEMS }) {
  const { id } = await sell(stack, orderId, { fields: { ...fields } });
  await stack.untilStatus(id, 'confirmed');
  return id;
}

const statusesOf = async (id: string) =>
  (await stack.conversion(id))?.adjustments?.map(({ status }) => status) ?? [];

async function refund(id: string, totalAmountCents: number, ...items: object[]) {
  const { status } = await stack.api.setAmount(id, totalAmountCents, {
    reason: 'ITEM_RETURNED',
    ...(items.length > 0 ? { items } : {}),
  });
  expect(status).toBe(202);
}

async function refundAndConfirm(id: string, totalAmountCents: number, ...items: object[]) {
  await refund(id, totalAmountCents, ...items);
  await expect.poll(async () => (await statusesOf(id)).at(-1)).toBe('confirmed');
}

/** `PENDING 35: 1 shirt 15, 1 shoes 20` */
async function atImpact(orderId: string) {
  const [action] = await stack.sandbox.actions(orderId);
  const items = action?.Items?.map(({ Sku, Quantity, Amount }) => `${Quantity} ${Sku} ${Amount}`) ?? [];
  return `${action?.State} ${action?.Amount}: ${items.join(', ')}`;
}

describe('items that are refunded after the report', () => {
  it('are changed at Impact, and the others stay as they are', async () => {
    const id = await soldAndConfirmed('items-1');
    await refundAndConfirm(id, 3_500, left('shirt', 1, 1_500));
    expect(await atImpact('items-1')).toBe('PENDING 35: 1 shirt 15, 1 shoes 20');
  });

  it('leave the others with their share of the discount', async () => {
    const id = await soldAndConfirmed('items-3', DISCOUNTED);
    expect(await atImpact('items-3')).toBe('PENDING 50: 2 shirt 33.33, 1 shoes 16.67');
    await refundAndConfirm(id, 1_000, left('shirt', 0));
    expect(await atImpact('items-3')).toBe('PENDING 10: 0 shirt 0, 1 shoes 10');
  });

  it('are followed by an amount of the whole order, which Impact spreads', async () => {
    const id = await soldAndConfirmed('items-6');
    await refundAndConfirm(id, 3_500, left('shirt', 1, 1_500));
    await refundAndConfirm(id, 1_750);
    expect(await atImpact('items-6')).toBe('PENDING 17.5: 1 shirt 7.5, 1 shoes 10');
  });

  it('are not sent with a newer amount, where Impact has refused their change', async () => {
    const id = await soldAndConfirmed('items-9');
    await stack.sandbox.fault({ ...REFUSAL, resource: 'Actions', orderId: 'items-9' });
    await refund(id, 3_000, left('shoes', 0));
    await expect.poll(() => statusesOf(id)).toEqual(['parked']);
    await refund(id, 2_500);
    await expect.poll(() => statusesOf(id)).toEqual(['abandoned', 'confirmed']);
    expect(await atImpact('items-9')).toBe('PENDING 25: 2 shirt 15, 1 shoes 10');
  });
});

describe('items that are refunded before the report', () => {
  it('are reported as they are left, without those that were returned', async () => {
    const fields = { totalAmountCents: 5_000, items: ITEMS };
    const { id, handle } = await sell(stack, 'items-unsent', { fault: REFUSAL, fields });
    await stack.untilStatus(id, 'parked');
    await refund(id, 3_000, left('shoes', 0));
    await refund(id, 1_500, left('shirt', 1, 1_500));
    await handle.signal('retry');
    await stack.untilStatus(id, 'confirmed');
    expect(await atImpact('items-unsent')).toBe('PENDING 15: 1 shirt 15');
  });
});
