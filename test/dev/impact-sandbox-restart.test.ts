import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../dev/ports.js';
import { startSandboxProcess } from '../../dev/sandbox-process.js';
import { account, createTestCaller, sale, useJournal } from './impact-sandbox-support.js';

const { current, restart } = useJournal();

const ORDER = { ActionTrackerId: '99999', OrderId: 'A-1' };
const COMPLETE = { Status: 'Complete', ErrorType: '', ErrorReason: '' };
const submit = () => current.sandbox.submission('POST', 'Conversions', sale({ OrderId: 'A-1' }));
const setAmount = (Amount: string) =>
  current.sandbox.submission('PUT', 'Actions', { ...ORDER, Reason: 'ITEM_RETURNED', Amount });
const reverse = () =>
  current.sandbox.submission('DELETE', 'Actions', { ...ORDER, DispositionCode: 'ITEM_RETURNED' });

describe('a restarted sandbox', () => {
  it('still knows a submission, its conversion and its Action', async () => {
    const submission = await submit();
    const before = [await current.sandbox.conversions('A-1'), await current.sandbox.actions('A-1')];
    await restart();
    expect(await current.sandbox.get(String(submission.Uri))).toEqual(submission);
    expect([await current.sandbox.conversions('A-1'), await current.sandbox.actions('A-1')]).toEqual(before);
    expect(before).toMatchObject([[{ orderId: 'A-1' }], [{ Amount: 50 }]]);
  });

  it('processes what it had taken and not processed', async () => {
    const uri = await current.sandbox.queue({ OrderId: 'A-1' });
    await restart();
    expect(await current.sandbox.get(uri)).toMatchObject(COMPLETE);
    expect(await current.sandbox.actions('A-1')).toHaveLength(1);
  });

  it('still knows a duplicate', async () => {
    await submit();
    await restart();
    expect(await submit()).toMatchObject({ ErrorReason: 'CONV_DUPLICATE' });
  });

  it('still has both Actions of an order without deduplication, and gives the next one an id of its own', async () => {
    await current.sandbox.settings({ deduplication: 'off' });
    await submit();
    await submit();
    await restart({ deduplication: 'on' });
    await submit();
    const ids = (await current.sandbox.actions('A-1')).map(({ Id }) => Id);
    expect(ids).toEqual(['48046.4636.158133', '48046.4636.158134', '48046.4636.158135']);
  });

  it('still has a changed amount', async () => {
    await submit();
    await setAmount('19.00');
    await restart();
    expect(await current.sandbox.actions('A-1')).toMatchObject([{ State: 'PENDING', Amount: 19 }]);
  });

  it('still has a reversal', async () => {
    await submit();
    await reverse();
    await restart();
    expect(await current.sandbox.actions('A-1')).toMatchObject([{ State: 'REVERSED', Amount: 0 }]);
    expect(await reverse()).toMatchObject({ ErrorReason: 'NO_VALID_ACTION_REF' });
  });

  it('shows an Action with the exchange rate of its time', async () => {
    await current.sandbox.settings({ exchangeRates: { USD: 2 } });
    await submit();
    await current.sandbox.settings({ exchangeRates: {} });
    await restart();
    expect(await current.sandbox.actions('A-1')).toMatchObject([{ Amount: 100 }]);
  });

  it('still has Actions that were planted or changed at Impact', async () => {
    await current.sandbox.plantAction('A-1', { ActionTrackerId: 99_999, Amount: 49 });
    await current.sandbox.changeAction('A-1', { Amount: 48 });
    await restart();
    expect(await current.sandbox.actions('A-1')).toMatchObject([{ State: 'PENDING', Amount: 48 }]);
  });

  it('still has the planned outcomes, without those that were cleared', async () => {
    const errorReason = 'CONTRACT_NOT_FOUND';
    await current.sandbox.plan({ orderId: 'A-1', errorReason });
    await current.sandbox.plan({ orderId: 'A-2', errorReason });
    await current.sandbox.forgetPlan('A-2');
    await restart();
    expect(await submit()).toMatchObject({ ErrorReason: errorReason });
    const other = await current.sandbox.queue({ OrderId: 'A-2' });
    expect(await current.sandbox.get(other)).toMatchObject(COMPLETE);
  });

  it('continues with its last settings, not with those of its start', async () => {
    await current.sandbox.settings({ errorShape: 'v14' });
    await restart({ errorShape: 'general' });
    expect(await (await current.sandbox.post({})).json()).toHaveProperty('errors');
  });

  it('forgets faults and requests', async () => {
    await current.sandbox.fault({ kind: 'status', status: 500 });
    await restart();
    expect(await current.sandbox.requests()).toEqual([]);
    expect((await current.sandbox.post()).status).toBe(200);
  });
});

describe('the process', () => {
  async function startProcess() {
    const port = await freePort();
    const credentials = { accountSid: 'IRsandboxSid', authToken: 'sandbox-token' };
    const child = await startSandboxProcess({ ...credentials, port, journal: `${current.journal}.process` });
    onTestFinished(() => child.stop());
    return { child, ...createTestCaller(`http://127.0.0.1:${port}`) };
  }

  it('keeps what it acknowledged when it is killed', async () => {
    const first = await startProcess();
    const uri = await first.queue({ OrderId: 'A-1' });
    first.child.kill();
    expect(await first.child.exited).toEqual({ code: null, signal: 'SIGKILL' });

    const second = await startProcess();
    expect(await second.get(uri)).toMatchObject(COMPLETE);
    const query = 'CampaignId=48046&ActionDateStart=2026-11-20T00:00:00Z&ActionDateEnd=2026-11-24T00:00:00Z';
    const list = await second.call('GET', `${account}/Actions?${query}`);
    expect(await list.json()).toMatchObject({ Actions: [{ Oid: 'A-1', State: 'PENDING' }] });
  });
});
