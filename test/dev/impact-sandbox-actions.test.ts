import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAction } from '../../dev/impact-sandbox/actions.js';
import { listActions } from '../../dev/impact-sandbox/list-actions.js';
import { createState } from '../../dev/impact-sandbox/state.js';
import { account, type Fields, sale, startTestSandbox, type TestSandbox } from './impact-sandbox-support.js';

let sandbox: TestSandbox;
beforeEach(async () => {
  sandbox = await startTestSandbox();
});
afterEach(() => sandbox.stop());

const ORDER = { ActionTrackerId: '99999', OrderId: 'A-1' };
const submit = (fields: Fields = {}) =>
  sandbox.submission('POST', 'Conversions', sale({ OrderId: 'A-1', ...fields }));
const reverse = (fields: Fields = {}) =>
  sandbox.submission('DELETE', 'Actions', { ...ORDER, DispositionCode: 'ITEM_RETURNED', ...fields });
const setAmount = (Amount: string) =>
  sandbox.submission('PUT', 'Actions', { ...ORDER, Reason: 'ITEM_RETURNED', Amount });
const COMPLETE = { Status: 'Complete', ErrorType: '', ErrorReason: '' };

const WINDOW = {
  CampaignId: '48046',
  ActionDateStart: '2026-11-20T00:00:00Z',
  ActionDateEnd: '2026-11-24T00:00:00Z',
};

async function list(query: Fields = {}) {
  const parameters = new URLSearchParams({ ...WINDOW, ...query });
  const response = await sandbox.call('GET', `${account}/Actions?${parameters}`);
  return (await response.json()) as { Actions: Fields[]; Errors: Fields[]; '@nextpageuri': string };
}

describe('a submission', () => {
  it('is complete as soon as a request looks at it, with an Action', async () => {
    expect(await submit()).toMatchObject({ ...COMPLETE, Type: 'Conversion', OrderId: 'A-1' });
    expect(await sandbox.actions('A-1')).toMatchObject([
      { State: 'PENDING', Amount: 50, Currency: 'USD', EventDate: '2026-11-23T03:00:00-07:00' },
    ]);
  });

  it.each([
    ['CAMPAIGN_NOT_FOUND', { CampaignId: '1' }],
    ['ACTIONTRACKER_NOT_FOUND', { ActionTrackerId: '1' }],
  ])('ends with %s for %o', async (reason, fields) => {
    expect(await submit(fields)).toMatchObject({ ErrorType: 'Validation', ErrorReason: reason });
    expect(await sandbox.actions('A-1')).toEqual([]);
  });

  it('is in the currency of the account where there is a rate', async () => {
    await sandbox.settings({ exchangeRates: { EUR: 1.1 } });
    await submit({ CurrencyCode: 'EUR' });
    expect(await sandbox.actions('A-1')).toMatchObject([{ Amount: 55, Currency: 'USD' }]);
  });
});

describe('a duplicate', () => {
  it('ends with an error, and leaves one Action, also after a reversal', async () => {
    await submit();
    const duplicate = { ErrorType: 'Contract Error', ErrorReason: 'CONV_DUPLICATE' };
    expect(await submit()).toMatchObject(duplicate);
    await reverse();
    expect(await submit()).toMatchObject(duplicate);
    expect(await sandbox.actions('A-1')).toHaveLength(1);
  });

  it('is none for another event type, or without deduplication', async () => {
    await submit();
    expect(await submit({ ActionTrackerId: '68897' })).toMatchObject(COMPLETE);
    await sandbox.settings({ deduplication: 'off' });
    expect(await submit()).toMatchObject(COMPLETE);
    expect(await sandbox.actions('A-1')).toHaveLength(3);
  });
});

describe('a planned outcome', () => {
  it('is the reason for which Impact turns the order down', async () => {
    await sandbox.plan({ orderId: 'A-1', errorReason: 'CONTRACT_NOT_FOUND RESTRICTED_PROMOCODE' });
    expect(await submit()).toMatchObject({
      ErrorType: 'Contract Error',
      ErrorReason: 'CONTRACT_NOT_FOUND RESTRICTED_PROMOCODE',
    });
    expect(await submit({ OrderId: 'A-2' })).toMatchObject(COMPLETE);
  });

  it('may be of a reversal alone', async () => {
    await sandbox.plan({ orderId: 'A-1', type: 'Reversal', errorReason: 'NO_VALID_ACTION_REF' });
    expect(await submit()).toMatchObject(COMPLETE);
    expect(await reverse()).toMatchObject({ ErrorReason: 'NO_VALID_ACTION_REF' });
  });

  it('may credit no partner, which is no error', async () => {
    await sandbox.plan({ orderId: 'A-1', attributed: false });
    expect(await submit()).toMatchObject(COMPLETE);
    expect(await sandbox.actions('A-1')).toEqual([]);
  });

  it('may be that the submission is stuck, until the plan is withdrawn', async () => {
    await sandbox.plan({ orderId: 'A-1', stuck: true });
    const { Status, Uri } = await submit();
    expect(Status).toBe('Queued');
    await sandbox.forgetPlan('A-1');
    expect(await (await sandbox.call('GET', String(Uri))).json()).toMatchObject(COMPLETE);
  });
});

describe('a change', () => {
  it('of the amount is the whole new amount; to nothing it reverses', async () => {
    await submit();
    expect(await setAmount('19.00')).toMatchObject({ ...COMPLETE, Type: 'Modification' });
    expect(await sandbox.actions('A-1')).toMatchObject([{ State: 'PENDING', Amount: 19 }]);
    await setAmount('0');
    expect(await sandbox.actions('A-1')).toMatchObject([{ State: 'REVERSED', Amount: 0 }]);
  });

  it('reverses once', async () => {
    await submit();
    expect(await reverse()).toMatchObject({ ...COMPLETE, Type: 'Reversal' });
    expect(await sandbox.actions('A-1')).toMatchObject([{ State: 'REVERSED', Amount: 0 }]);
    expect(await reverse()).toMatchObject({ ErrorReason: 'NO_VALID_ACTION_REF' });
  });

  it('ends with an error for an unknown order, and for an Action that is locked', async () => {
    expect(await reverse()).toMatchObject({ ErrorReason: 'ACTION_REF_NOT_FOUND' });
    await submit();
    await sandbox.changeAction('A-1', { LockingDate: '2026-01-01T00:00:00Z' });
    expect(await sandbox.actions('A-1')).toMatchObject([{ State: 'APPROVED' }]);
    expect(await setAmount('19.00')).toMatchObject({ ErrorReason: 'NO_VALID_ACTION_REF' });
  });

  it('means the newer Action after a reattribution', async () => {
    await submit();
    await sandbox.changeAction('A-1', { State: 'REVERSED' });
    await sandbox.plantAction('A-1', { ActionTrackerId: 99_999, Amount: 49, MediaPartnerId: 20_000 });
    expect(await reverse()).toMatchObject(COMPLETE);
    expect(await sandbox.actions('A-1')).toMatchObject([
      { State: 'REVERSED' },
      { State: 'REVERSED', Amount: 0 },
    ]);
  });

  it.each([
    ['DELETE', {}, ['ActionTrackerId', 'OrderId', 'DispositionCode']],
    ['DELETE', { ...ORDER, DispositionCode: 'RETURNED' }, ['DispositionCode']],
    ['PUT', { ...ORDER, Reason: 'REJECTED', Amount: '1' }, ['Reason']],
    ['PUT', { ...ORDER, Reason: 'OTHER', Amount: '1.999' }, ['Amount']],
  ])('by %s of %o is refused', async (method, fields, names) => {
    const response = await sandbox.call(method, `${account}/Actions`, fields as Fields);
    const { Errors } = (await response.json()) as { Errors: { Field: string }[] };
    expect([response.status, Errors.map(({ Field }) => Field)]).toEqual([400, names]);
  });
});

describe('the list of Actions', () => {
  const planted = { ActionTrackerId: 99_999, Amount: 49 };

  it('has those of the campaign and of the range, the newest first', async () => {
    for (const [orderId, day] of Object.entries({ early: 19, first: 20, last: 24, late: 25 }))
      await sandbox.plantAction(orderId, { ...planted, EventDate: `2026-11-${day}T00:00:00Z` });
    await sandbox.plantAction('elsewhere', { ...planted, CampaignId: 1, EventDate: '2026-11-22T00:00:00Z' });
    expect((await list()).Actions.map(({ Oid }) => Oid)).toEqual(['last', 'first']);
  });

  it('has pages, each with a link to the next', () => {
    const state = createState({});
    const facts = { campaignId: 48_046, actionTrackerId: 99_999, eventDate: Date.parse('2026-11-22') };
    for (let index = 0; index < 2_001; index++)
      addAction(state.actions, { orderId: `order-${index}`, ...facts });
    const page = (url: string) => {
      const { body } = listActions({ url, path: '/Actions' }, { accountSid: 'IR', state });
      return { count: (body.Actions as unknown[]).length, next: String(body['@nextpageuri']) };
    };
    const first = page(`/Actions?${new URLSearchParams({ ...WINDOW, PageSize: '2000' })}`);
    expect([first.count, page(first.next)]).toEqual([2_000, { count: 1, next: '' }]);
  });

  it.each([
    ['CampaignId', { CampaignId: 'x' }],
    ['ActionDateEnd', { ActionDateStart: '2026-01-01T00:00:00Z' }],
    ['PageSize', { PageSize: '10' }],
    ['', { State: 'PENDING' }],
  ])('is refused for its %s in %o', async (name, query) => {
    expect((await list(query)).Errors.map(({ Field }) => Field)).toEqual([name]);
  });
});
