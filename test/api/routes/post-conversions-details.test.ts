import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.js';
import { newUser, sale } from './sale.js';

let stack: Stack;
let userId: string;

beforeAll(async () => {
  stack = await startStack({ worker: false });
  userId = (await stack.api.me(newUser(), 'abc')).body.userId;
});
afterAll(() => stack.stop());

async function recorded(fields: object): Promise<Record<string, unknown> | undefined> {
  const { status, body } = await stack.api.publish(sale({ userId, ...fields }));
  expect(status).toBe(202);
  return (await stack.conversion(body.conversionId))?.payload;
}

const SHA1 = createHash('sha1').update('kim@example.com').digest('hex');
const SHA256 = createHash('sha256').update('kim@example.com').digest('hex');

describe('a sale is recorded', () => {
  it('with its currency in upper case', async () => {
    expect(await recorded({ currency: 'eur' })).toMatchObject({ currency: 'EUR' });
  });

  it.each([
    ['kim@example.com', SHA1],
    [' Kim@Example.COM\t', SHA1],
    [SHA1, SHA1],
    [SHA1.toUpperCase(), SHA1],
    [SHA256, SHA256],
    [` ${SHA256.toUpperCase()} `, SHA256],
  ])('with the hash of the e-mail address in lower case, sent as %j', async (customerEmail, hash) => {
    expect(await recorded({ customerEmail })).toMatchObject({ customerEmail: hash });
  });

  it.each([
    ['USD', 9_999_999_999],
    ['JPY', 99_999_999],
    ['KWD', 99_999_999_990],
  ])('with the highest amount that Impact takes in %s', async (currency, totalAmountCents) => {
    expect(await recorded({ currency, totalAmountCents })).toMatchObject({ totalAmountCents });
  });

  it('with all details that it may have', async () => {
    const details = {
      promoCode: 'x'.repeat(255),
      customerStatus: 'existing',
      items: Array.from({ length: 100 }, (_, index) => {
        return { sku: `sku-${index}`, category: 'plans', quantity: 1, subtotalCents: 50 };
      }),
      discountCents: 100,
      taxCents: 980,
      shippingCents: 0,
      note: 'x'.repeat(255),
    };
    expect(await recorded(details)).toMatchObject(details);
  });
});
