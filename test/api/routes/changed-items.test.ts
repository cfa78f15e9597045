import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { payloadWith } from '../../../src/domain/adjustment.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem, namedFields } from '../support.js';
import { newUser, sale } from './sale.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const SHIRT = { sku: 'shirt', category: 'clothes', quantity: 2, subtotalCents: 3_000 };
const SHOES = { sku: 'shoes', category: 'footwear', quantity: 1, subtotalCents: 2_000 };

async function published(fields: object = {}): Promise<string> {
  const clerkId = newUser();
  await stack.api.me(clerkId, 'abc');
  const order = { totalAmountCents: 5_000, items: [SHIRT, SHOES], ...fields };
  const { status, body } = await stack.api.publish(sale({ clerkId, ...order }));
  expect(status).toBe(202);
  return body.conversionId;
}

async function wantedOf(id: string) {
  const conversion = (await stack.conversion(id)) ?? expect.fail(id);
  const { totalAmountCents, items } = payloadWith(conversion, 'wanted');
  return { totalAmountCents, items };
}

const left = (sku: string, quantity: number, subtotalCents: number) => ({ sku, quantity, subtotalCents });

describe('a refund of single items', () => {
  it('says what is left of those that it names; the others stay as they are', async () => {
    const id = await published();
    const items = [left('shirt', 1, 1_500)];
    const { status, body } = await stack.api.setAmount(id, 3_500, { items });
    expect(status).toBe(202);
    expect(body).toMatchObject({ adjustment: { totalAmountCents: 3_500, items } });
    expect(body).not.toHaveProperty('warnings');
    const kept = { ...SHIRT, quantity: 1, subtotalCents: 1_500 };
    expect(await wantedOf(id)).toEqual({ totalAmountCents: 3_500, items: [kept, SHOES] });
  });

  it('adds to the refunds of other items before it', async () => {
    const id = await published();
    await stack.api.setAmount(id, 3_000, { items: [left('shoes', 0, 0)] });
    await stack.api.setAmount(id, 1_500, { items: [left('shirt', 1, 1_500)] });
    expect((await wantedOf(id)).items).toMatchObject([left('shirt', 1, 1_500), left('shoes', 0, 0)]);
  });

  it('may leave less than the items come to, as after a discount', async () => {
    const id = await published({ totalAmountCents: 4_500, discountCents: 500 });
    expect((await stack.api.setAmount(id, 2_700, { items: [left('shoes', 0, 0)] })).status).toBe(202);
  });

  it('is shown with the conversion, and in its timeline', async () => {
    const id = await published();
    const items = [left('shoes', 0, 0)];
    await stack.api.setAmount(id, 3_000, { items });
    const { body } = await stack.api.conversion(id);
    expect(body.adjustments).toMatchObject([{ items }]);
    expect(body.timeline.at(-1).detail).toContain('with what is left of 1 item');
  });

  it('again, as after a lost answer, changes nothing', async () => {
    const id = await published();
    const items = [left('shoes', 0, 0)];
    const { body: first } = await stack.api.setAmount(id, 3_000, { items });
    expect((await stack.api.setAmount(id, 3_000, { items })).body).toEqual(first);
  });

  it('counts with the same amount, if it names what the amount before did not', async () => {
    const id = await published();
    await stack.api.setAmount(id, 3_000);
    await stack.api.setAmount(id, 3_000, { items: [left('shoes', 0, 0)] });
    expect((await wantedOf(id)).items).toMatchObject([SHIRT, left('shoes', 0, 0)]);
  });

  it('that arrives late changes no item, and is not held against what is left since', async () => {
    const id = await published();
    const [first, second] = ['2024-11-03T08:00:00Z', '2024-11-03T09:00:00Z'];
    const items = [left('shirt', 0, 0), left('shoes', 1, 1_000)];
    await stack.api.setAmount(id, 1_000, { effectiveAt: second, items });
    const late = { effectiveAt: first, items: [left('shoes', 1, 1_000)] };
    expect(await stack.api.setAmount(id, 4_000, late)).toMatchObject({
      status: 202,
      body: { adjustment: { status: 'abandoned' } },
    });
    expect(await wantedOf(id)).toMatchObject({ totalAmountCents: 1_000, items });
  });
});

describe('items that cannot be meant', () => {
  it.each([
    ['a sku that the sale does not have', [left('hat', 0, 0)], 'items.0.sku'],
    ['a sku in another case', [left('SHIRT', 0, 0)], 'items.0.sku'],
    ['two items of one sku', [left('shirt', 1, 1_500), left('shirt', 0, 0)], 'items.1.sku'],
    ['a negative quantity', [left('shirt', -1, 0)], 'items.0.quantity'],
    ['half a piece', [left('shirt', 0.5, 100)], 'items.0.quantity'],
    ['a negative subtotal', [left('shirt', 1, -1)], 'items.0.subtotalCents'],
    ['a subtotal of nothing', [left('shirt', 0, 1)], 'items.0.subtotalCents'],
    ['less than the whole amount', [left('shirt', 1, 999)], 'totalAmountCents'],
    ['no items', [], 'items'],
    ['no sku', [{ quantity: 0, subtotalCents: 0 }], 'items.0.sku'],
    ['a category', [{ ...left('shirt', 0, 0), category: 'x' }], 'items.0.category'],
  ])('are refused: %s', async (_what, items, field) => {
    const id = await published();
    const answer = await stack.api.setAmount(id, 3_000, { items });
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual([field]);
    expect(await stack.conversion(id)).not.toHaveProperty('adjustments');
  });

  it('are refused for a sale without items', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId, 'abc');
    const { body } = await stack.api.publish(sale({ clerkId }));
    const answer = await stack.api.setAmount(body.conversionId, 3_000, { items: [left('shirt', 0, 0)] });
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual(['items']);
  });
});

describe('a new amount above the first one', () => {
  const warning = (detail: string) => ({
    code: 'amount_above_first',
    detail: expect.stringContaining(detail),
  });

  it('is taken, with a warning in the answer and in the timeline', async () => {
    const id = await published();
    const { status, body } = await stack.api.setAmount(id, 5_001);
    expect(status).toBe(202);
    expect(body.warnings).toEqual([warning('5001 is above the first one, 5000')]);
    expect((await stack.conversion(id))?.timeline.at(-1)?.detail).toContain(body.warnings[0].detail);
  });

  it('has the warning again when it is requested again', async () => {
    const id = await published();
    const { body } = await stack.api.setAmount(id, 5_001);
    expect((await stack.api.setAmount(id, 5_001)).body).toEqual(body);
  });

  it('is compared with the first one, not with the one before', async () => {
    const id = await published();
    await stack.api.setAmount(id, 1_000);
    expect((await stack.api.setAmount(id, 5_000)).body).not.toHaveProperty('warnings');
  });

  it.each([
    ['pieces', left('shirt', 3, 3_000)],
    ['money', left('shirt', 2, 3_001)],
  ])('is warned of for an item as well: more %s', async (_what, item) => {
    const id = await published();
    const items = [left('shoes', 0, 0), item];
    const { status, body } = await stack.api.setAmount(id, 3_000, { items });
    expect(status).toBe(202);
    expect(body.warnings).toEqual([warning('More is left of items.1')]);
  });
});
