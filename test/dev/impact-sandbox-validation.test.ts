import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImpactSandbox, startImpactSandbox } from '../../dev/impact-sandbox/index.js';

let sandbox: ImpactSandbox;
beforeAll(async () => {
  sandbox = await startImpactSandbox({ accountSid: 'IRsandboxSid', authToken: 'sandbox-token' });
});
afterAll(() => sandbox.stop());

type Fields = Record<string, string>;
const signup: Fields = {
  CampaignId: '48046',
  ActionTrackerId: '68897',
  EventDate: '2026-11-23T10:00:00Z',
  OrderId: randomUUID(),
  ClickId: 'QiiWXOVnrQ3SQHl24jQjyxBGUkmzfJ3i1VHrWM0',
};
const sale: Fields = { ...signup, CurrencyCode: 'EUR' };
const item: Fields = { ItemSku1: 'sku', ItemCategory1: 'tools', ItemQuantity1: '2', ItemPrice1: '9.99' };

/** The fields the sandbox finds wrong; none when it accepts the conversion. */
async function wrongFields(fields: Fields): Promise<string[]> {
  const response = await fetch(`${sandbox.url}/Advertisers/IRsandboxSid/Conversions.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('IRsandboxSid:sandbox-token')}` },
    body: new URLSearchParams(fields),
  });
  const { Errors = [] } = (await response.json()) as { Errors?: { Field: string }[] };
  expect(response.status).toBe(Errors.length > 0 ? 400 : 200);
  return Errors.map(({ Field }) => Field);
}

function without(fields: Fields, ...names: string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

describe('required fields', () => {
  it.each(['CampaignId', 'EventDate', 'OrderId'])('refuses a conversion without %s', async (name) => {
    expect(await wrongFields(without(signup, name))).toEqual([name]);
  });

  it('counts an empty value as missing', async () => {
    expect(await wrongFields({ ...signup, OrderId: '' })).toEqual(['OrderId']);
  });

  it('takes Oid for OrderId', async () => {
    expect(await wrongFields({ ...without(signup, 'OrderId'), Oid: 'order' })).toEqual([]);
  });

  it('refuses one field sent under two names with two values', async () => {
    expect(await wrongFields({ ...signup, Oid: 'another' })).toEqual(['OrderId']);
  });

  it('takes one field sent under two names with one value', async () => {
    expect(await wrongFields({ ...signup, EventTypeId: '68897' })).toEqual([]);
  });

  it('refuses a conversion without an event id', async () => {
    expect(await wrongFields(without(signup, 'ActionTrackerId'))).toEqual(['ActionTrackerId']);
  });

  it.each([{ EventTypeId: '68897' }, { EventTypeCode: 'SIGNUP' }])(
    'takes the event id %o',
    async (eventId) => {
      expect(await wrongFields({ ...without(signup, 'ActionTrackerId'), ...eventId })).toEqual([]);
    },
  );

  it('refuses a conversion without an attribution key', async () => {
    expect(await wrongFields(without(signup, 'ClickId'))).toEqual(['ClickId']);
  });

  it.each([
    'CustomerId',
    'CustomProfileId',
    'CustomClickId',
    'PromoCode',
    'OrderPromoCode',
    'MediaId',
    'MediaPartnerId',
    'UniqueUrl',
    'CallerId',
    'GoogAId',
    'AndroidId',
    'AppleIfa',
    'AppleIfv',
  ])('takes the attribution key %s', async (name) => {
    expect(await wrongFields({ ...without(signup, 'ClickId'), [name]: '10000' })).toEqual([]);
  });

  it('refuses MediaId together with MediaPartnerId', async () => {
    expect(await wrongFields({ ...signup, MediaId: '1', MediaPartnerId: '1' })).toEqual(['MediaPartnerId']);
  });

  it('names everything that is wrong at once', async () => {
    expect(await wrongFields({ CampaignId: 'x' })).toEqual([
      'EventDate',
      'OrderId',
      'ActionTrackerId',
      'ClickId',
      'CampaignId',
    ]);
  });
});

describe('lengths', () => {
  const lengths: [name: string, maxLength: number][] = [
    ['OrderId', 64],
    ['ClickId', 64],
    ['EventTypeCode', 64],
    ['CustomProfileId', 70],
    ['CustomerId', 255],
    ['OrderPromoCode', 255],
    ['SubId1', 255],
    ['SharedId', 255],
    ['Note', 255],
    ['CustomerCity', 255],
    ['PaymentType', 32],
    ['DispositionCode', 64],
    ['Text1', 64],
    ['Text50', 64],
  ];
  it.each(lengths)('takes %s of %i characters', async (name, length) => {
    expect(await wrongFields({ ...signup, [name]: 'x'.repeat(length) })).toEqual([]);
  });

  it.each(lengths)('refuses %s longer than %i characters', async (name, length) => {
    expect(await wrongFields({ ...signup, [name]: 'x'.repeat(length + 1) })).toEqual([name]);
  });

  it('counts characters, not bytes', async () => {
    expect(await wrongFields({ ...signup, Text1: '😀'.repeat(64) })).toEqual([]);
  });

  it.each(['ItemMpn1', 'ItemText1_50'])('refuses %s longer than 64 characters', async (name) => {
    expect(await wrongFields({ ...sale, ...item, [name]: 'x'.repeat(65) })).toEqual([name]);
  });
});

describe('numbers', () => {
  it.each([
    ['CampaignId', '1234567890'],
    ['ActionTrackerId', '1234567890'],
    ['MediaId', '1234567890123456'],
    ['PropertyId', '12345'],
    ['Amount', '12345678'],
    ['Amount', '0.5'],
    ['Amount', '12345678.99'],
    ['OrderDiscount', '123456789012.99'],
    ['OrderShipping', '12345678901234.99'],
    ['OrderTax', '12345678901234.99'],
    ['Money3', '12345678.99'],
    ['Numeric10', '12345678.99'],
  ])('takes %s %s', async (name, value) => {
    expect(await wrongFields({ ...sale, [name]: value })).toEqual([]);
  });

  it.each([
    ['CampaignId', '12345678901'],
    ['CampaignId', '4804.6'],
    ['CampaignId', ' 48046'],
    ['ActionTrackerId', '12345678901'],
    ['MediaId', '12345678901234567'],
    ['PropertyId', 'com.acme.app'],
    ['Amount', '123456789'],
    ['Amount', '9.999'],
    ['Amount', '9.'],
    ['Amount', '9,99'],
    ['Amount', '-9.99'],
    ['Amount', '1e3'],
    ['OrderDiscount', '1234567890123'],
    ['OrderShipping', '123456789012345'],
    ['OrderTax', '123456789012345'],
    ['Money1', '1.999'],
    ['Numeric1', 'one'],
  ])('refuses %s %s', async (name, value) => {
    expect(await wrongFields({ ...sale, [name]: value })).toEqual([name]);
  });
});

describe('dates', () => {
  it.each([
    '2026-11-23T10:00:00Z',
    '2026-11-23T10:00:00.123Z',
    '2023-02-15T22:55:32-08:00',
    '2026-11-23T10:00:00',
    '2038-01-19T03:14:08Z',
    'NOW',
  ])('takes EventDate %s', async (value) => {
    expect(await wrongFields({ ...signup, EventDate: value })).toEqual([]);
  });

  it.each([
    'yesterday',
    'now',
    '2026-11-23',
    '2026-02-30T10:00:00Z',
    '2026-11-23T25:00:00Z',
    '2026-11-23 10:00:00Z',
    '1795428000',
    '2020-10-09T10:30:01\u221207:00',
    '23-Nov-2026 10:00:00 PST',
  ])('refuses EventDate %s', async (value) => {
    expect(await wrongFields({ ...signup, EventDate: value })).toEqual(['EventDate']);
  });

  it('takes NOW as EventDate only', async () => {
    expect(await wrongFields({ ...signup, Date1: 'NOW' })).toEqual(['Date1']);
  });
});

describe('the customer', () => {
  it.each([
    ['SHA1', '63a710569261a24b3766275b7000ce8d7b32e2f7'],
    ['SHA256', 'b4c9a289323b21a01c3e940f150eb9b8c542587f1abfd8f0e1cc1ffc5e475514'],
  ])('may have an e-mail address hashed with %s', async (_hash, value) => {
    expect(await wrongFields({ ...signup, CustomerEmail: value })).toEqual([]);
  });

  it.each(['user@example.com', '23463b99b62a72f26ed677cc556c44e8'])(
    'may not have the e-mail address %s',
    async (value) => {
      expect(await wrongFields({ ...signup, CustomerEmail: value })).toEqual(['CustomerEmail']);
    },
  );

  it('may not be identified by an e-mail address', async () => {
    expect(await wrongFields({ ...signup, CustomerId: 'user@example.com' })).toEqual(['CustomerId']);
  });

  it.each(['New', 'NEW', 'existing'])('may be %s', async (value) => {
    expect(await wrongFields({ ...signup, CustomerStatus: value })).toEqual([]);
  });

  it('may not have a status the account does not map', async () => {
    expect(await wrongFields({ ...signup, CustomerStatus: 'Returning' })).toEqual(['CustomerStatus']);
  });

  it('may have given consent', async () => {
    expect(await wrongFields({ ...signup, TrackingConsent: 'true' })).toEqual([]);
  });

  it('may not have given something else than consent', async () => {
    expect(await wrongFields({ ...signup, TrackingConsent: 'yes' })).toEqual(['TrackingConsent']);
  });
});

describe('money', () => {
  it.each(['Amount', 'OrderDiscount', 'OrderShipping', 'OrderTax', 'OrderSubTotalPostDiscount', 'Money1'])(
    'refuses %s without a currency',
    async (name) => {
      expect(await wrongFields({ ...signup, [name]: '10' })).toEqual(['CurrencyCode']);
    },
  );

  it('refuses items without a currency', async () => {
    expect(await wrongFields({ ...signup, ...item })).toEqual(['CurrencyCode']);
  });

  it('takes Currency for CurrencyCode', async () => {
    expect(await wrongFields({ ...signup, Amount: '10', Currency: 'JPY' })).toEqual([]);
  });

  it.each(['EURO', 'eur', 'XYZ', '978'])('refuses the currency %s', async (value) => {
    expect(await wrongFields({ ...signup, CurrencyCode: value })).toEqual(['CurrencyCode']);
  });
});

describe('items', () => {
  it('are taken with SKU, category, quantity and price', async () => {
    expect(await wrongFields({ ...sale, ...item })).toEqual([]);
  });

  it.each(['ItemSku1', 'ItemCategory1', 'ItemQuantity1', 'ItemPrice1'])(
    'are refused without %s',
    async (name) => {
      expect(await wrongFields({ ...sale, ...without(item, name) })).toEqual([name]);
    },
  );

  it.each(['ItemSubTotal1', 'ItemSubtotal1', 'Amount'])('may have %s for a price', async (name) => {
    expect(await wrongFields({ ...sale, ...without(item, 'ItemPrice1'), [name]: '19.98' })).toEqual([]);
  });

  it.each(['ItemSubTotal1', 'Amount'])('are refused with a price and %s', async (name) => {
    expect(await wrongFields({ ...sale, ...item, [name]: '19.98' })).toEqual(['ItemPrice1']);
  });

  it('are checked one by one', async () => {
    const second = { ItemSku2: 'sku', ItemCategory2: 'tools', ItemPrice2: '1' };
    expect(await wrongFields({ ...sale, ...item, ...second })).toEqual(['ItemQuantity2']);
  });

  it('are numbered from 1', async () => {
    const zeroth = { ItemSku0: 'sku', ItemCategory0: 'tools', ItemQuantity0: '1', ItemPrice0: '1' };
    expect(await wrongFields({ ...sale, ...zeroth })).toEqual(['ItemSku0']);
  });

  it.each([
    ['ItemPrice1', '123456789'],
    ['ItemPrice1', '9.999'],
    ['ItemDiscount1', '123456789'],
    ['ItemTotalDiscount1', 'ten'],
  ])('are refused with %s %s', async (name, value) => {
    expect(await wrongFields({ ...sale, ...item, [name]: value })).toEqual([name]);
  });

  it('may have a subtotal of 14 digits', async () => {
    const fields = { ...sale, ...without(item, 'ItemPrice1'), ItemSubTotal1: '12345678901234.99' };
    expect(await wrongFields(fields)).toEqual([]);
  });

  it('may not have a subtotal of 15 digits', async () => {
    const fields = { ...sale, ...without(item, 'ItemPrice1'), ItemSubTotal1: '123456789012345' };
    expect(await wrongFields(fields)).toEqual(['ItemSubTotal1']);
  });

  it('have whole quantities', async () => {
    expect(await wrongFields({ ...sale, ...item, ItemQuantity1: '1.5' })).toEqual(['ItemQuantity1']);
  });

  it('exclude an order subtotal after discount', async () => {
    const fields = { ...sale, ...item, OrderSubTotalPostDiscount: '9' };
    expect(await wrongFields(fields)).toEqual(['OrderSubTotalPostDiscount']);
  });
});

describe('what Impact finds out later', () => {
  it('does not refuse an unknown campaign', async () => {
    expect(await wrongFields({ ...signup, CampaignId: '1' })).toEqual([]);
  });

  it('does not refuse an unknown event type', async () => {
    expect(await wrongFields({ ...signup, ActionTrackerId: '1' })).toEqual([]);
  });

  it('does not refuse a field it does not know', async () => {
    expect(await wrongFields({ ...signup, Favourite: 'x' })).toEqual([]);
  });
});
