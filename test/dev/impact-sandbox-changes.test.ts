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
/** What a change takes by order, and the id of the action it changes. */
const order = { ActionTrackerId: '99999', OrderId: 'A-1' };
let id: string;
beforeEach(async () => {
  sandbox = await startTestSandbox();
  await sandbox.submit(sale({ ...order, Amount: '50.00' }));
  id = String((await actions())[0]?.Id);
});
afterEach(() => sandbox.stop());

async function actions(orderId = 'A-1'): Promise<Json[]> {
  const response = await sandbox.control('GET', `/actions?orderId=${orderId}`);
  return ((await response.json()) as { actions: Json[] }).actions;
}
const action = () => sandbox.get(`${account}/Actions/${id}`);

async function wrongFields(method: string, fields: Fields): Promise<unknown> {
  const response = await sandbox.call(method, `${account}/Actions`, fields);
  const { Errors = [] } = (await response.json()) as { Errors?: { Field: string }[] };
  return [response.status, ...Errors.map(({ Field }) => Field)];
}

const unknownAction = ['Complete', 'Validation', 'ACTION_REF_NOT_FOUND'];
const refused = ['Complete', 'Contract Error', 'NO_VALID_ACTION_REF'];

describe('a modification', () => {
  it('is queued', async () => {
    const response = await sandbox.call('PUT', `${account}/Actions`, {
      ActionId: id,
      Reason: 'ORDER_UPDATE',
    });
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        Status: 'QUEUED',
        QueuedUri: expect.stringMatching(/^\/Advertisers\/IRsandboxSid\/APISubmissions\/A-/),
      },
    ]);
  });

  it('is a submission of its own type', async () => {
    const uri = await sandbox.update({ ActionId: id, Reason: 'ORDER_UPDATE', Amount: '40' });
    expect(await sandbox.get(uri)).toMatchObject({
      Type: 'Modification',
      Status: 'Complete',
      CampaignId: 48046,
      ActionTrackerId: 99999,
      OrderId: '',
      Payload: `ActionId=${id}&Reason=ORDER_UPDATE&Amount=40`,
      ErrorReason: '',
    });
  });

  it('changes the amount and the payout', async () => {
    await sandbox.update({ ActionId: id, Reason: 'ORDER_UPDATE', Amount: '40.00' });
    expect(await action()).toMatchObject({
      ...{ State: 'PENDING', Amount: 40, DeltaAmount: -10, IntendedAmount: 50 },
      ...{ Payout: 1.6, DeltaPayout: -0.4, IntendedPayout: 2 },
    });
  });

  it('finds the action by event type and order', async () => {
    await sandbox.update({ ...order, Reason: 'ORDER_UPDATE', Amount: '40.00' });
    expect((await action()).Amount).toBe(40);
  });

  it('changes the status of the customer', async () => {
    await sandbox.update({ ActionId: id, Reason: 'ORDER_UPDATE', CustomerStatus: 'Existing' });
    expect(await action()).toMatchObject({ CustomerStatus: 'EXISTING', Amount: 50 });
  });

  it('happens later, with everything else', async () => {
    await sandbox.settings({ processingDelayMs: MINUTE_MS });
    await sandbox.update({ ActionId: id, Reason: 'ORDER_UPDATE', Amount: '40.00' });
    const before = (await action()).Amount;
    await sandbox.advance(MINUTE_MS);
    expect([before, (await action()).Amount]).toEqual([50, 40]);
  });

  it('of a conversion still in the queue is processed after it', async () => {
    await sandbox.settings({ processing: 'manual' });
    await sandbox.submit(sale({ OrderId: 'A-2', Amount: '50.00' }));
    const uri = await sandbox.update({ ...order, OrderId: 'A-2', Reason: 'ORDER_UPDATE', Amount: '40.00' });
    await sandbox.control('POST', '/process');
    expect([await sandbox.error(uri), (await actions('A-2'))[0]?.Amount]).toEqual([['Complete', '', ''], 40]);
  });

  it('is an update of the action', async () => {
    await sandbox.advance(10 * DAY_MS);
    await sandbox.update({ ActionId: id, Reason: 'ORDER_UPDATE', Amount: '40.00' });
    const { Actions } = await sandbox.get<{ Actions: Json[] }>(`${account}/Actions?CampaignId=48046`);
    expect(Actions).toHaveLength(1);
  });

  it('to nothing reverses the action', async () => {
    await sandbox.update({ ActionId: id, Reason: 'ITEM_RETURNED', Amount: '0' });
    expect(await action()).toMatchObject({ State: 'REVERSED', Amount: 0 });
  });

  it('is reset', async () => {
    await sandbox.update({ ActionId: id, Reason: 'ORDER_UPDATE', Amount: '40.00' });
    await sandbox.update({ ActionId: id, Reason: 'RESET' });
    expect(await action()).toMatchObject({ State: 'PENDING', Amount: 50, Payout: 2 });
  });

  it.each([
    ['an unknown id', { ActionId: '1000.4636.1' }],
    ['an unknown order', { ActionTrackerId: '99999', OrderId: 'A-2' }],
    ['an order of another event type', { ActionTrackerId: '68897', OrderId: 'A-1' }],
  ])('completes with an error for %s', async (_what, reference: Fields) => {
    expect(await sandbox.error(await sandbox.update({ ...reference, Reason: 'ORDER_UPDATE' }))).toEqual(
      unknownAction,
    );
  });

  it('is refused once the action has locked', async () => {
    await sandbox.advance(16 * DAY_MS);
    const error = await sandbox.error(
      await sandbox.update({ ActionId: id, Reason: 'ORDER_UPDATE', Amount: '1' }),
    );
    expect([error, (await action()).Amount]).toEqual([refused, 50]);
  });

  it('is refused for an action that was reversed', async () => {
    await sandbox.reverse({ ActionId: id, DispositionCode: 'REJECTED' });
    expect(
      await sandbox.error(await sandbox.update({ ActionId: id, Reason: 'ORDER_UPDATE', Amount: '1' })),
    ).toEqual(refused);
  });

  it('is refused after 1,000 of them', async () => {
    const update = () => sandbox.update({ ActionId: id, Reason: 'ORDER_UPDATE' });
    await sandbox.settings({ rateLimits: { Actions: null } });
    for (let i = 0; i < 100; i++) await Promise.all(Array.from({ length: 10 }, update));
    expect(await sandbox.error(await update())).toEqual(refused);
  });

  it('takes a code of the account', async () => {
    await sandbox.settings({ dispositionCodes: ['BOOKED'] });
    expect(await wrongFields('PUT', { ActionId: id, Reason: 'BOOKED' })).toEqual([200]);
  });

  it.each([
    ['no reason', { ActionId: 'x' }, ['Reason']],
    ['a code of reversals', { ActionId: 'x', Reason: 'REJECTED' }, ['Reason']],
    ['no action', { Reason: 'OTHER' }, ['ActionTrackerId', 'OrderId']],
    ['an order without its event type', { OrderId: 'A-1', Reason: 'OTHER' }, ['ActionTrackerId']],
    ['an event type without an order', { ActionTrackerId: '99999', Reason: 'OTHER' }, ['OrderId']],
    ['an amount that is none', { ActionId: 'x', Reason: 'OTHER', Amount: '-1' }, ['Amount']],
    ['an item', { ActionId: 'x', Reason: 'ORDER_UPDATE', Sku: 'a', Quantity2: '0' }, ['Sku', 'Quantity2']],
  ])('is refused with %s', async (_what, fields: Fields, wrong) => {
    expect(await wrongFields('PUT', fields)).toEqual([400, ...wrong]);
  });

  it('has the outcome planned for it', async () => {
    await sandbox.plan({ orderId: 'A-1', type: 'Modification', errorReason: 'CONTRACT_NOT_FOUND' });
    const uri = await sandbox.update({ ActionId: id, Reason: 'ORDER_UPDATE', Amount: '40' });
    expect([await sandbox.error(uri), (await action()).Amount]).toEqual([
      ['Complete', 'Contract Error', 'CONTRACT_NOT_FOUND'],
      50,
    ]);
  });
});

describe('a reversal', () => {
  it('is a submission of its own type', async () => {
    const uri = await sandbox.reverse({ ...order, DispositionCode: 'ITEM_RETURNED' });
    expect(await sandbox.get(uri)).toMatchObject({ Type: 'Reversal', OrderId: 'A-1', ErrorReason: '' });
  });

  it('takes the payout away', async () => {
    await sandbox.reverse({ ActionId: id, DispositionCode: 'ITEM_RETURNED' });
    expect(await action()).toMatchObject({
      State: 'REVERSED',
      Payout: 0,
      DeltaPayout: -2,
      IntendedPayout: 2,
    });
  });

  it('is recognised in a POST with another method in its parameters', async () => {
    await sandbox.call('POST', `${account}/Actions`, {
      ActionId: id,
      DispositionCode: 'REJECTED',
      _method: 'DELETE',
    });
    expect((await action()).State).toBe('REVERSED');
  });

  it('is refused the second time', async () => {
    await sandbox.reverse({ ActionId: id, DispositionCode: 'REJECTED' });
    expect(await sandbox.error(await sandbox.reverse({ ActionId: id, DispositionCode: 'REJECTED' }))).toEqual(
      refused,
    );
  });

  it('is refused once the action has locked', async () => {
    await sandbox.advance(16 * DAY_MS);
    const error = await sandbox.error(await sandbox.reverse({ ActionId: id, DispositionCode: 'REJECTED' }));
    expect([error, (await action()).State]).toEqual([refused, 'APPROVED']);
  });

  it('completes with an error for an unknown order', async () => {
    const uri = await sandbox.reverse({ ...order, OrderId: 'A-2', DispositionCode: 'REJECTED' });
    expect(await sandbox.error(uri)).toEqual(unknownAction);
  });

  it('is undone by a reset', async () => {
    await sandbox.reverse({ ActionId: id, DispositionCode: 'REJECTED' });
    await sandbox.update({ ActionId: id, Reason: 'RESET' });
    expect(await action()).toMatchObject({ State: 'PENDING', Amount: 50 });
  });

  it('by order is of the action that is not reversed', async () => {
    await sandbox.control('POST', '/actions', { Oid: 'A-1', ActionTrackerId: 99999, State: 'REVERSED' });
    const uri = await sandbox.reverse({ ...order, DispositionCode: 'REJECTED' });
    expect([await sandbox.error(uri), (await actions()).map(({ State }) => State)]).toEqual([
      ['Complete', '', ''],
      ['REVERSED', 'REVERSED'],
    ]);
  });

  it('leaves a second conversion of the order a duplicate', async () => {
    await sandbox.reverse({ ActionId: id, DispositionCode: 'REJECTED' });
    expect((await sandbox.error(await sandbox.submit(sale(order))))[2]).toBe('CONV_DUPLICATE');
  });

  it('takes a code of the account', async () => {
    await sandbox.settings({ dispositionCodes: ['NO_SHOW'] });
    expect(await wrongFields('DELETE', { ActionId: id, DispositionCode: 'NO_SHOW' })).toEqual([200]);
  });

  it('by order is of the newer action of a reattribution', async () => {
    await sandbox.control('PATCH', `/actions/${id}`, { State: 'REVERSED' });
    await sandbox.control('POST', '/actions', { Oid: 'A-1', ActionTrackerId: 99999 });
    const uri = await sandbox.reverse({ ...order, DispositionCode: 'REJECTED' });
    expect(await sandbox.error(uri)).toEqual(['Complete', '', '']);
  });

  it('is not undone once the action would have locked', async () => {
    await sandbox.reverse({ ActionId: id, DispositionCode: 'REJECTED' });
    await sandbox.advance(16 * DAY_MS);
    expect(await sandbox.error(await sandbox.update({ ActionId: id, Reason: 'RESET' }))).toEqual(refused);
  });

  it.each([
    ['no code', { ActionId: 'x' }, ['DispositionCode']],
    ['an unknown code', { ActionId: 'x', DispositionCode: 'RETURNED' }, ['DispositionCode']],
    ['no action', { DispositionCode: 'OTHER' }, ['ActionTrackerId', 'OrderId']],
  ])('is refused with %s', async (_what, fields: Fields, wrong) => {
    expect(await wrongFields('DELETE', fields)).toEqual([400, ...wrong]);
  });

  it('is refused without a body', async () => {
    const response = await sandbox.call('DELETE', `${account}/Actions`);
    expect(response.status).toBe(400);
  });
});
