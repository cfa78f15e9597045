import { describe, expect, it } from 'vitest';
import { readJournal } from '../../dev/impact-sandbox/index.js';
import { account, type Fields, sale, useJournal } from './impact-sandbox-support.js';

const { current, restart } = useJournal();

const COMPLETE = { Status: 'Complete', ErrorType: '', ErrorReason: '' };
const ORDER = { ActionTrackerId: '99999', OrderId: 'A-1' };

/** The fields of one item of a conversion. */
function item(index: number, Sku: string, Quantity: string, SubTotal: string): Fields {
  const values = { Sku, Category: 'shoes', Quantity, SubTotal };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`Item${name}${index}`, value]));
}

/** A sale with items has no amount of its own; an empty field counts as not sent. */
const itemSale = (fields: Fields) => sale({ OrderId: 'A-1', Amount: '', ...fields });
const TWO_ITEMS = { ...item(1, 'boots', '1', '30.00'), ...item(2, 'socks', '2', '20.00') };

const submit = (fields: Fields = TWO_ITEMS) =>
  current.sandbox.submission('POST', 'Conversions', itemSale(fields));
const change = (fields: Fields) =>
  current.sandbox.submission('PUT', 'Actions', { ...ORDER, Reason: 'ORDER_UPDATE', ...fields });
const SOCKS_RETURNED = { Sku: 'socks', Category: 'shoes', Quantity: '0', Amount: '0' };

/** The fields that the sandbox refuses; none if it takes the request. */
async function refusedFields(method: string, resource: string, fields: Fields): Promise<string[]> {
  const response = await current.sandbox.call(method, `${account}/${resource}`, fields);
  const { Errors = [] } = (await response.json()) as { Errors?: { Field: string }[] };
  return Errors.map(({ Field }) => Field);
}

/** Amount and items of the only Action. */
async function action() {
  const [found, ...others] = await current.sandbox.actions('A-1');
  expect(others).toEqual([]);
  return { State: found?.State, Amount: found?.Amount, Items: found?.Items };
}

describe('a conversion with items', () => {
  it('becomes an Action with these items and their sum', async () => {
    expect(await submit()).toMatchObject(COMPLETE);
    expect(await action()).toEqual({
      State: 'PENDING',
      Amount: 50,
      Items: [
        { Sku: 'boots', Quantity: 1, Amount: 30 },
        { Sku: 'socks', Quantity: 2, Amount: 20 },
      ],
    });
  });

  it('keeps their categories and names in the journal', async () => {
    await submit({ ...TWO_ITEMS, ItemName2: 'Warm socks' });
    await action();
    expect(readJournal(current.journal).at(-1)).toMatchObject({
      completed: { action: { items: [{ category: 'shoes' }, { category: 'shoes', name: 'Warm socks' }] } },
    });
  });

  it('still has them after a restart', async () => {
    await submit();
    const before = await action();
    await restart();
    expect(await action()).toEqual(before);
  });

  it.each([
    ['CurrencyCode', { CurrencyCode: '' }],
    ['Amount', { Amount: '50.00' }],
    ['OrderSubTotalPostDiscount', { OrderSubTotalPostDiscount: '50.00' }],
    ['OrderDiscount', { OrderDiscount: '50.01' }],
    ['ItemSku1', { ItemSku1: '' }],
    ['ItemCategory2', { ItemCategory2: '' }],
    ['ItemQuantity1', { ItemQuantity1: '' }],
    ['ItemQuantity1', { ItemQuantity1: '0' }],
    ['ItemQuantity1', { ItemQuantity1: '1.5' }],
    ['ItemSubTotal1', { ItemSubTotal1: '' }],
    ['ItemSubTotal1', { ItemSubTotal1: '9.999' }],
    ['ItemSku2', { ItemSku2: 'boots' }],
    ['ItemSku4', item(4, 'hat', '1', '9.00')],
    ['ItemPrice1', { ItemPrice1: '30.00' }],
    ['ItemSku03', { ItemSku03: 'hat' }],
  ])('is refused for %s with %o', async (name, fields) => {
    expect(await refusedFields('POST', 'Conversions', itemSale({ ...TWO_ITEMS, ...fields }))).toEqual([name]);
  });

  it('may have more than nine, with subtotals of fourteen digits', async () => {
    const items = Array.from({ length: 11 }, (_, index) => item(index + 1, `sku-${index}`, '1', '1.00'));
    const fields = Object.assign({ ItemSubTotal1: '12345678901234.00' }, ...items.slice(1));
    expect(await refusedFields('POST', 'Conversions', itemSale({ ...items[0], ...fields }))).toEqual([]);
  });
});

describe('a discount', () => {
  const order = { OrderId: 'A-1', OrderTax: '9.50', OrderShipping: '4.90' };

  it('is subtracted from the amount of the order, which has neither tax nor shipping', async () => {
    await current.sandbox.queue({ ...order, Amount: '50.00', OrderDiscount: '5.01' });
    expect(await action()).toEqual({ State: 'PENDING', Amount: 44.99 });
  });

  it('is spread over the items, and the last one takes what rounding leaves', async () => {
    const three = { ...item(1, 'a', '1', '10'), ...item(2, 'b', '1', '10'), ...item(3, 'c', '1', '10') };
    await submit({ ...three, ...order, OrderDiscount: '10.00' });
    expect(await action()).toMatchObject({
      Amount: 20,
      Items: [{ Amount: 6.67 }, { Amount: 6.67 }, { Amount: 6.66 }],
    });
  });

  it('leaves no item with less than nothing', async () => {
    const cents = ['a', 'b', 'c', 'd'].map((sku, index) => item(index + 1, sku, '1', '0.01'));
    await submit(Object.assign({ OrderDiscount: '0.02' }, ...cents));
    const { Amount, Items = [] } = await action();
    expect(Amount).toBe(0.02);
    expect(Math.min(...Items.map((each) => each.Amount))).toBe(0);
  });

  it('may be of a currency that Impact exchanges, and the items have the sum that results', async () => {
    await current.sandbox.settings({ exchangeRates: { EUR: 1.1 } });
    await submit({ ...TWO_ITEMS, CurrencyCode: 'EUR', OrderDiscount: '10.00' });
    expect(await action()).toMatchObject({ Amount: 44, Items: [{ Amount: 26.4 }, { Amount: 17.6 }] });
  });
});

describe('a change of items', () => {
  it('sets those that it names, and the sum', async () => {
    await submit();
    expect(await change(SOCKS_RETURNED)).toMatchObject({ ...COMPLETE, Type: 'Modification' });
    expect(await action()).toEqual({
      State: 'PENDING',
      Amount: 30,
      Items: [
        { Sku: 'boots', Quantity: 1, Amount: 30 },
        { Sku: 'socks', Quantity: 0, Amount: 0 },
      ],
    });
  });

  it('may name several, and reverses the Action if nothing is left', async () => {
    await submit();
    const boots = { Sku2: 'boots', Category2: 'shoes', Quantity2: '0', Amount2: '0.00' };
    await change({ ...SOCKS_RETURNED, ...boots });
    expect(await action()).toMatchObject({ State: 'REVERSED', Amount: 0 });
  });

  it('ends with an error for an unknown SKU, and changes nothing', async () => {
    await submit();
    const before = await action();
    const unknown = { Sku2: 'hat', Category2: 'hats', Quantity2: '0', Amount2: '0' };
    expect(await change({ ...SOCKS_RETURNED, ...unknown })).toMatchObject({
      ErrorType: 'Validation',
      ErrorReason: 'NO_ITEM',
    });
    expect(await action()).toEqual(before);
  });

  it.each([
    ['Reason', { Reason: 'ITEM_RETURNED' }],
    ['Category', { Category: '' }],
    ['Amount', { Amount: '' }],
    ['Quantity', { Quantity: '-1' }],
    ['Amount', { Amount: '1.999' }],
    ['Sku1', { Sku1: 'boots' }],
    ['Sku3', { Sku3: 'boots', Category3: 'shoes', Quantity3: '0', Amount3: '0' }],
    ['Sku2', { Sku2: 'socks', Category2: 'shoes', Quantity2: '0', Amount2: '0' }],
    ['Amount2', { Sku2: 'boots', Category2: 'shoes', Quantity2: '0' }],
  ])('is refused for %s with %o', async (name, fields) => {
    const body = { ...ORDER, Reason: 'ORDER_UPDATE', ...SOCKS_RETURNED, ...fields };
    expect(await refusedFields('PUT', 'Actions', body)).toEqual([name]);
  });
});

describe('a change of the whole amount', () => {
  it.each([
    ['by this service', () => change({ Amount: '25.00' })],
    ['at Impact', () => current.sandbox.changeAction('A-1', { Amount: 25 })],
  ])('%s leaves the items in their proportions', async (_by, changeAmount) => {
    await submit();
    await changeAmount();
    expect(await action()).toMatchObject({ Amount: 25, Items: [{ Amount: 15 }, { Amount: 10 }] });
  });

  it.each([
    ['PUT', { Reason: 'ITEM_RETURNED', Amount: '0' }],
    ['DELETE', { DispositionCode: 'ITEM_RETURNED' }],
  ])('to nothing by %s leaves nothing on the items', async (method, fields) => {
    await submit();
    await current.sandbox.submission(method, 'Actions', { ...ORDER, ...(fields as Fields) });
    expect(await action()).toMatchObject({
      State: 'REVERSED',
      Amount: 0,
      Items: [{ Amount: 0 }, { Amount: 0 }],
    });
  });
});
