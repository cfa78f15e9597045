import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  account,
  DAY_MS,
  type Fields,
  type Json,
  MINUTE_MS,
  sale,
  startTestSandbox,
  type TestSandbox,
} from './impact-sandbox-support.js';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startTestSandbox({ minPageSize: 1 });
});
afterEach(() => sandbox.stop());

interface Listing extends Json {
  Actions: Json[];
}
const path = (query: Fields = {}) =>
  `${account}/Actions?${new URLSearchParams({ CampaignId: '48046', ...query })}`;
const list = (query: Fields = {}) => sandbox.get<Listing>(path(query));
const orderIds = async (query: Fields = {}) => (await list(query)).Actions.map(({ Oid }) => Oid);

async function wrongFields(query: Fields): Promise<unknown> {
  const response = await sandbox.call('GET', path(query));
  const { Errors = [] } = (await response.json()) as { Errors?: { Field: string }[] };
  return [response.status, ...Errors.map(({ Field }) => Field)];
}

describe('an action', () => {
  it('is the documented object', async () => {
    await sandbox.submit(
      sale({
        OrderId: 'A-1',
        Amount: '21.99',
        CustomerId: 'user',
        CustomerStatus: 'New',
        OrderPromoCode: 'TEN',
      }),
    );
    expect((await list()).Actions).toEqual([
      {
        Id: expect.stringMatching(/^48046\.\d+\.\d+$/),
        CampaignId: 48046,
        CampaignName: 'Sandbox campaign',
        ActionTrackerId: 99999,
        ActionTrackerName: 'Sale',
        EventCode: 'SALE',
        MediaPartnerId: 10000,
        MediaPartnerName: 'Acme Partner',
        State: 'PENDING',
        AdId: 506720,
        ClientCost: 0.88,
        Payout: 0.88,
        DeltaPayout: 0.88,
        IntendedPayout: 0.88,
        Amount: 21.99,
        DeltaAmount: 21.99,
        IntendedAmount: 21.99,
        Currency: 'USD',
        ReferringDate: '2026-11-23T02:00:00-07:00',
        EventDate: '2026-11-23T03:00:00-07:00',
        CreationDate: '2026-11-23T05:00:00-07:00',
        LockingDate: '2026-12-09T00:00:00-07:00',
        ClearedDate: '',
        ReferringType: 'CLICK_COOKIE',
        ReferringDomain: '',
        PromoCode: 'TEN',
        Oid: 'A-1',
        CustomerId: 'user',
        CustomerStatus: 'NEW',
        CustomerPostCode: '',
        CustomerCity: '',
        CustomerRegion: '',
        CustomerCountry: '',
        SharedId: '',
        CallerId: '',
        Note: '',
        Uri: expect.stringMatching(/^\/Advertisers\/IRsandboxSid\/Actions\/48046\./),
      },
    ]);
  });

  it('is found by its id', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    const [action] = (await list()).Actions;
    expect(await sandbox.get(String(action?.Uri))).toEqual(action);
  });

  it('is unknown by another id', async () => {
    expect((await sandbox.call('GET', `${account}/Actions/1000.4636.1`)).status).toBe(404);
  });

  it('is created when its submission completes', async () => {
    await sandbox.settings({ processingDelayMs: MINUTE_MS });
    await sandbox.submit();
    await sandbox.advance(DAY_MS);
    const [action] = (await list()).Actions;
    expect(action?.CreationDate).toBe('2026-11-23T05:01:00-07:00');
  });

  it('does not exist before its submission is complete', async () => {
    await sandbox.settings({ processing: 'manual' });
    await sandbox.submit();
    expect(await orderIds()).toEqual([]);
  });

  it('does not come of a conversion that is refused', async () => {
    await sandbox.plan({ orderId: 'A-1', errorReason: 'CONTRACT_NOT_FOUND' });
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    expect(await orderIds()).toEqual([]);
  });

  it('does not come of a conversion that is credited to nobody', async () => {
    await sandbox.plan({ orderId: 'A-1', attributed: false });
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    expect(await orderIds()).toEqual([]);
  });

  it('does not come of a duplicate', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    expect(await orderIds()).toEqual(['A-1']);
  });

  it('comes twice of a duplicate without deduplication', async () => {
    await sandbox.settings({ deduplication: 'off' });
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    expect(await orderIds()).toEqual(['A-1', 'A-1']);
  });

  it('is forgotten with its conversion', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    await sandbox.submit(sale({ OrderId: 'A-2' }));
    await list();
    await sandbox.control('DELETE', '/conversions?orderId=A-1');
    expect(await orderIds()).toEqual(['A-2']);
  });

  it('is pending until it locks', async () => {
    await sandbox.submit();
    const [action] = (await list()).Actions;
    await sandbox.advance(Date.parse('2026-12-09T06:59:59Z') - Date.parse('2026-11-23T12:00:00Z'));
    expect((await sandbox.get(String(action?.Uri))).State).toBe('PENDING');
  });

  it('is approved once it has locked', async () => {
    await sandbox.submit();
    const [action] = (await list()).Actions;
    await sandbox.advance(Date.parse('2026-12-09T07:00:00Z') - Date.parse('2026-11-23T12:00:00Z'));
    expect((await sandbox.get(String(action?.Uri))).State).toBe('APPROVED');
  });

  it('locks as many days later as is set', async () => {
    await sandbox.settings({ lockingDays: 30 });
    await sandbox.submit();
    const [action] = (await list()).Actions;
    expect(action?.LockingDate).toBe('2026-12-23T00:00:00-07:00');
  });

  it('happened when its conversion was submitted, if that was NOW', async () => {
    await sandbox.submit(sale({ EventDate: 'NOW' }));
    const [action] = (await list()).Actions;
    expect(action?.EventDate).toBe('2026-11-23T05:00:00-07:00');
  });

  it.each([
    ['nothing', {}, 0],
    ['an amount', { Amount: '10.10', CurrencyCode: 'USD' }, 10.1],
    ['a subtotal less its discount', { OrderSubtotal: '10', OrderDiscount: '2.5', CurrencyCode: 'USD' }, 7.5],
    [
      'items less the discount',
      {
        ...{ ItemSku1: 'a', ItemCategory1: 'c', ItemQuantity1: '2', ItemPrice1: '10' },
        ...{ ItemSku2: 'b', ItemCategory2: 'c', ItemQuantity2: '3', ItemSubTotal2: '6.99' },
        ...{ OrderDiscount: '5', CurrencyCode: 'USD' },
      },
      21.99,
    ],
  ])('is worth %s', async (_what, fields: Fields, amount) => {
    const { Amount: _, CurrencyCode: __, ...rest } = sale();
    await sandbox.submit({ ...rest, ...fields });
    const [action] = (await list()).Actions;
    expect(action?.Amount).toBe(amount);
  });

  it("is in the order's currency without a rate", async () => {
    await sandbox.submit(sale({ Amount: '10', CurrencyCode: 'EUR' }));
    expect((await list()).Actions[0]).toMatchObject({ Amount: 10, Currency: 'EUR' });
  });

  it("is in the account's currency with one", async () => {
    await sandbox.settings({ exchangeRates: { EUR: 1.1 } });
    await sandbox.submit(sale({ Amount: '10', CurrencyCode: 'EUR' }));
    expect((await list()).Actions[0]).toMatchObject({ Amount: 11, Currency: 'USD' });
  });

  it('is XML by default', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    const [action] = (await list()).Actions;
    const xml = await (await sandbox.call('GET', String(action?.Uri), undefined, {})).text();
    expect(xml).toMatch(/^<ImpactRadiusResponse><Action><Id>48046\..*<Oid>A-1<\/Oid>.*<\/Action>/);
  });
});

describe('listing actions', () => {
  it('starts with the newest', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    await sandbox.submit(sale({ OrderId: 'A-2' }));
    await sandbox.advance(MINUTE_MS);
    await sandbox.submit(sale({ OrderId: 'A-3' }));
    expect(await orderIds()).toEqual(['A-3', 'A-2', 'A-1']);
  });

  it('goes by the date of creation, not by the order in which the sandbox learnt of them', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    await list();
    const planted = { Oid: 'A-2', ActionTrackerId: 99999, CreationDate: '2026-11-22T00:00:00Z' };
    await sandbox.control('POST', '/actions', planted);
    expect(await orderIds()).toEqual(['A-1', 'A-2']);
  });

  it('leaves other campaigns out', async () => {
    await sandbox.submit();
    expect(await orderIds({ CampaignId: '1000' })).toEqual([]);
  });

  it('filters by state', async () => {
    await sandbox.submit();
    expect(await orderIds({ State: 'REVERSED' })).toEqual([]);
  });

  it('finds those of the last 7 days without a range', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    await list();
    await sandbox.advance(7 * DAY_MS);
    expect(await orderIds()).toEqual(['A-1']);
  });

  it('does not find older ones without a range', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    await list();
    await sandbox.advance(7 * DAY_MS + 1);
    expect(await orderIds()).toEqual([]);
  });

  it('finds by StartDate and EndDate what was last updated then', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    await list();
    await sandbox.advance(2 * DAY_MS);
    await sandbox.submit(sale({ OrderId: 'A-2', EventDate: '2026-11-20T00:00:00Z' }));
    const query = { StartDate: '2026-11-25T12:00:00Z', EndDate: '2026-11-25T12:00:00Z' };
    expect(await orderIds(query)).toEqual(['A-2']);
  });

  it('finds by ActionDateStart and ActionDateEnd what happened then', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    await sandbox.submit(sale({ OrderId: 'A-2', EventDate: '2026-11-20T00:00:00Z' }));
    const query = { ActionDateStart: '2026-11-20T00:00:00Z', ActionDateEnd: '2026-11-20T00:00:00Z' };
    expect(await orderIds(query)).toEqual(['A-2']);
  });

  it('finds by ActionDateStart what happened since', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    expect(await orderIds({ ActionDateStart: '2026-11-23T10:00:00Z' })).toEqual(['A-1']);
  });

  it('finds by an event date what was not updated for longer than 7 days', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    await list();
    await sandbox.advance(10 * DAY_MS);
    const query = { ActionDateStart: '2026-11-23T00:00:00Z', ActionDateEnd: '2026-11-24T00:00:00Z' };
    expect(await orderIds(query)).toEqual(['A-1']);
  });

  it('finds by LockingDateStart and LockingDateEnd what locks then', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    const query = { LockingDateStart: '2026-12-09T07:00:00Z', LockingDateEnd: '2026-12-09T07:00:00Z' };
    expect(await orderIds(query)).toEqual(['A-1']);
  });

  it('reads the offset of a date', async () => {
    await sandbox.submit(sale({ OrderId: 'A-1' }));
    const query = { ActionDateStart: '2026-11-23T03:00:00-07:00', ActionDateEnd: '2026-11-23T10:00:00.000Z' };
    expect(await orderIds(query)).toEqual(['A-1']);
  });

  it('does not take the approval for an update', async () => {
    await sandbox.submit();
    await list();
    await sandbox.advance(20 * DAY_MS);
    const query = { StartDate: '2026-12-09T00:00:00Z', EndDate: '2026-12-13T00:00:00Z' };
    expect(await orderIds(query)).toEqual([]);
  });

  it.each([
    ['no campaign', { CampaignId: '' }, 'CampaignId'],
    ['an unknown state', { State: 'pending' }, 'State'],
    ['a StartDate without an EndDate', { StartDate: '2026-11-20T00:00:00Z' }, 'EndDate'],
    ['an EndDate without a StartDate', { EndDate: '2026-11-20T00:00:00Z' }, 'StartDate'],
    [
      'an ActionDateEnd without an ActionDateStart',
      { ActionDateEnd: '2026-11-20T00:00:00Z' },
      'ActionDateStart',
    ],
    ['a date without a time', { StartDate: '2026-11-20', EndDate: '2026-11-21T00:00:00Z' }, 'StartDate'],
    [
      'an end before the start',
      { StartDate: '2026-11-20T00:00:00Z', EndDate: '2026-11-19T00:00:00Z' },
      'EndDate',
    ],
    ['more than 45 days', { StartDate: '2026-10-01T00:00:00Z', EndDate: '2026-11-15T00:00:01Z' }, 'EndDate'],
    [
      'more than 45 days of events',
      { ActionDateStart: '2026-10-01T00:00:00Z', ActionDateEnd: '2026-11-15T00:00:01Z' },
      'ActionDateEnd',
    ],
    [
      'more than 3 years ago',
      { StartDate: '2023-11-23T11:59:59Z', EndDate: '2023-11-24T00:00:00Z' },
      'StartDate',
    ],
    ['page 0', { Page: '0' }, 'Page'],
    ['a page size that is no number', { PageSize: 'all' }, 'PageSize'],
  ])('is refused with %s', async (_what, query: Fields, field) => {
    expect(await wrongFields(query)).toEqual([400, field]);
  });

  it('takes 45 days', async () => {
    const query = { StartDate: '2026-10-01T00:00:00Z', EndDate: '2026-11-15T00:00:00Z' };
    expect(await wrongFields(query)).toEqual([200]);
  });

  it('takes no page smaller than 2,000 by default', async () => {
    const strict = await startTestSandbox();
    const statuses = [
      (await strict.call('GET', path({ PageSize: '1999' }))).status,
      (await strict.call('GET', path({ PageSize: '2000' }))).status,
    ];
    await strict.stop();
    expect(statuses).toEqual([400, 200]);
  });
});

describe('a page of actions', () => {
  async function submitted(count: number): Promise<void> {
    for (let i = 1; i <= count; i++) await sandbox.submit(sale({ OrderId: `A-${i}` }));
  }

  it('is described as documented', async () => {
    await submitted(5);
    const { Actions, ...links } = await list({ PageSize: '2', Page: '2' });
    const uri = `${account}/Actions?CampaignId=48046&PageSize=2&Page=`;
    expect([Actions.map(({ Oid }) => Oid), links]).toEqual([
      ['A-3', 'A-2'],
      {
        '@page': '2',
        '@numpages': '3',
        '@pagesize': '2',
        '@total': '5',
        '@start': '2',
        '@end': '3',
        '@uri': `${uri}2`,
        '@firstpageuri': `${uri}1`,
        '@previouspageuri': `${uri}1`,
        '@nextpageuri': `${uri}3`,
        '@lastpageuri': `${uri}3`,
      },
    ]);
  });

  it('has 20,000 entries unless told otherwise', async () => {
    expect((await list())['@pagesize']).toBe('20000');
  });

  it('has no previous page when it is the first', async () => {
    expect((await list())['@previouspageuri']).toBe('');
  });

  it('leads through all pages by the next one', async () => {
    await submitted(5);
    const found: unknown[] = [];
    for (let uri = path({ PageSize: '2' }); uri !== ''; ) {
      const page = await sandbox.get<Listing>(uri);
      found.push(...page.Actions.map(({ Oid }) => Oid));
      uri = String(page['@nextpageuri']);
    }
    expect(found).toEqual(['A-5', 'A-4', 'A-3', 'A-2', 'A-1']);
  });

  it('keeps the filters in the next one', async () => {
    await submitted(2);
    const query = { StartDate: '2026-11-22T00:00:00-07:00', EndDate: '2026-11-24T00:00:00Z', PageSize: '1' };
    const next = new URL(String((await list(query))['@nextpageuri']), 'http://impact');
    expect(Object.fromEntries(next.searchParams)).toMatchObject({ ...query, Page: '2' });
  });

  it('is one page when nothing is found', async () => {
    expect(await list()).toMatchObject({ '@numpages': '1', '@total': '0', '@nextpageuri': '', Actions: [] });
  });

  it('is empty beyond the last one', async () => {
    await submitted(2);
    expect(await list({ PageSize: '1', Page: '4' })).toMatchObject({
      ...{ '@page': '4', '@numpages': '2', '@start': '2', '@nextpageuri': '' },
      Actions: [],
    });
  });

  it('is one of 10 at most', async () => {
    await submitted(11);
    expect([await wrongFields({ PageSize: '1' }), await wrongFields({ PageSize: '2' })]).toEqual([
      [400, 'PageSize'],
      [200],
    ]);
  });

  it('has its description in the attributes in XML', async () => {
    await submitted(2);
    const xml = await (await sandbox.call('GET', path({ PageSize: '1' }), undefined, {})).text();
    expect(xml).toMatch(
      /^<ImpactRadiusResponse><Actions page="1" numpages="2" .*nextpageuri="[^"]+&amp;Page=2".*"><Action><Id>.*<\/Action><\/Actions><\/ImpactRadiusResponse>$/,
    );
  });
});

describe('a planted action', () => {
  const plant = (action: object) => sandbox.control('POST', '/actions', action);
  const planted = async (action: object) => (await (await plant(action)).json()) as Json;

  it('is listed although nobody submitted it', async () => {
    await plant({ Oid: 'A-1', ActionTrackerId: 99999, Amount: 12 });
    expect((await list()).Actions).toEqual([
      expect.objectContaining({ Oid: 'A-1', Amount: 12, Payout: 0.48, State: 'PENDING' }),
    ]);
  });

  it('is what it was planted as', async () => {
    const fields = {
      Oid: 'A-1',
      CampaignId: 1000,
      ActionTrackerId: 1,
      Amount: 12,
      Payout: 3,
      Currency: 'EUR',
    };
    const more = { State: 'REVERSED', MediaPartnerId: 7, CustomerId: 'user', CustomerStatus: 'NEW' };
    expect(await planted({ ...fields, ...more })).toMatchObject({ ...fields, ...more });
  });

  it('has the dates it is given', async () => {
    const dates = {
      EventDate: '2026-11-01T00:00:00-07:00',
      CreationDate: '2026-11-02T00:00:00-07:00',
      LockingDate: '2026-11-03T00:00:00-07:00',
    };
    expect(await planted({ Oid: 'A-1', ActionTrackerId: 1, ...dates })).toMatchObject({
      ...dates,
      State: 'APPROVED',
    });
  });

  it('makes a conversion of its order a duplicate', async () => {
    await plant({ Oid: 'A-1', ActionTrackerId: 99999 });
    expect((await sandbox.error(await sandbox.submit(sale({ OrderId: 'A-1' }))))[2]).toBe('CONV_DUPLICATE');
  });

  it('is changed', async () => {
    const { Id } = await planted({ Oid: 'A-1', ActionTrackerId: 99999, Amount: 12, CustomerId: 'user' });
    await sandbox.control('PATCH', `/actions/${Id}`, { Amount: 5, State: 'REVERSED' });
    expect((await list()).Actions).toEqual([
      expect.objectContaining({ Id, Amount: 5, State: 'REVERSED', Oid: 'A-1', CustomerId: 'user' }),
    ]);
  });

  it('is found under the order it was moved to', async () => {
    const { Id } = await planted({ Oid: 'A-1', ActionTrackerId: 99999 });
    await sandbox.control('PATCH', `/actions/${Id}`, { Oid: 'A-2' });
    const shown = (await (await sandbox.control('GET', '/actions?orderId=A-2')).json()) as {
      actions: Json[];
    };
    expect(shown.actions.map((action) => action.Id)).toEqual([Id]);
  });

  it('is updated by the change', async () => {
    const { Id } = await planted({ Oid: 'A-1', ActionTrackerId: 99999 });
    await sandbox.advance(10 * DAY_MS);
    await sandbox.control('PATCH', `/actions/${Id}`, { Amount: 5 });
    expect(await orderIds()).toEqual(['A-1']);
  });

  it('is removed', async () => {
    const { Id } = await planted({ Oid: 'A-1', ActionTrackerId: 99999 });
    const { status } = await sandbox.control('DELETE', `/actions/${Id}`);
    expect([status, await orderIds()]).toEqual([204, []]);
  });

  it.each(['PATCH', 'DELETE'])('is not found by an unknown id: %s', async (method) => {
    expect((await sandbox.control(method, '/actions/1.2.3', {})).status).toBe(404);
  });

  it.each([
    ['no order', { ActionTrackerId: 1 }, 'Oid'],
    ['an unknown state', { Oid: 'A-1', ActionTrackerId: 1, State: 'PAID' }, 'State'],
    ['a date that is none', { Oid: 'A-1', ActionTrackerId: 1, EventDate: 'today' }, 'EventDate'],
    ['a misspelt field', { Oid: 'A-1', ActionTrackerId: 1, OrderId: 'A-1' }, 'OrderId'],
  ])('is refused with %s', async (_what, action, field) => {
    const response = await plant(action);
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ field, message: expect.any(String) }] },
    ]);
  });
});
