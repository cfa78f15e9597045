import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, sale, startTestSandbox, type TestSandbox } from './impact-sandbox-support.js';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

/** A conversion with an order of its own, which the fault applies to. */
async function saleWith(fault: Record<string, unknown>) {
  const conversion = sale();
  await sandbox.fault({ orderId: conversion.OrderId, ...fault });
  return conversion;
}

async function statuses(count: number, conversion: ReturnType<typeof sale>): Promise<number[]> {
  const results: number[] = [];
  for (let i = 0; i < count; i++) results.push((await sandbox.post(conversion)).status);
  return results;
}

const accepted = async ({ OrderId }: { OrderId: string }) => (await sandbox.conversions(OrderId)).length;

describe('a status', () => {
  it('comes with its headers and its body, and keeps the conversion out', async () => {
    const headers = { 'X-Cache': 'none' };
    const conversion = await saleWith({ kind: 'status', status: 502, headers, body: '<h1>Bad Gateway</h1>' });
    const response = await sandbox.post(conversion);
    expect([response.status, response.headers.get('x-cache')]).toEqual([502, 'none']);
    expect(await response.text()).toBe('<h1>Bad Gateway</h1>');
    expect(await accepted(conversion)).toBe(0);
    expect(await sandbox.requests(conversion.OrderId)).toMatchObject([{ status: 502, fault: 'status' }]);
  });

  it.each([
    [500, 'Internal Server Error'],
    [503, 'Service Unavailable'],
  ])('%i has the documented shape without a body', async (status, Message) => {
    const response = await sandbox.post(await saleWith({ kind: 'status', status }));
    expect([response.status, await response.json()]).toEqual([status, { Status: 'ERROR', Message }]);
  });

  it('429 says when to come back', async () => {
    const headers = { 'Retry-After': '7', 'X-RateLimit-Reset': '1487332519' };
    const response = await sandbox.post(await saleWith({ kind: 'rate-limit', headers }));
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await response.json()).toMatchObject({ Status: 'ERROR' });
  });

  it('comes before authentication', async () => {
    const conversion = await saleWith({ kind: 'status', status: 503 });
    expect((await sandbox.post(conversion, { headers: {} })).status).toBe(503);
  });
});

describe('a lost answer', () => {
  it.each([
    ['a reset after the conversion was taken', { kind: 'reset' }, 1],
    ['a reset before the conversion was taken', { kind: 'reset', accepted: false }, 0],
    ['a hang after the conversion was taken', { kind: 'hang', accepted: true }, 1],
    ['a hang before the conversion was taken', { kind: 'hang' }, 0],
  ])('is %s', async (_what, fault, count) => {
    const conversion = await saleWith(fault);
    const posting = sandbox.post(conversion, {
      headers: { authorization: `Basic ${btoa('IRsandboxSid:sandbox-token')}` },
      signal: AbortSignal.timeout(200),
    });
    await expect(posting).rejects.toThrow(fault.kind === 'reset' ? 'fetch failed' : 'timeout');
    expect(await accepted(conversion)).toBe(count);
    const [request] = await sandbox.requests(conversion.OrderId);
    expect([request?.fault, request?.status]).toEqual([fault.kind, undefined]);
  });

  it('lets nothing in that Impact would refuse', async () => {
    const conversion = await saleWith({ kind: 'reset' });
    await expect(sandbox.post({ ...conversion, CampaignId: 'x' })).rejects.toThrow('fetch failed');
    expect(await accepted(conversion)).toBe(0);
  });

  it('makes the next attempt a duplicate', async () => {
    const conversion = await saleWith({ kind: 'reset' });
    await expect(sandbox.post(conversion)).rejects.toThrow('fetch failed');
    const { ErrorReason } = await sandbox.submission('POST', 'Conversions', conversion);
    expect(ErrorReason).toBe('CONV_DUPLICATE');
  });
});

it('garbage is a success that cannot be read', async () => {
  const response = await sandbox.post(await saleWith({ kind: 'garbage' }));
  expect(response.status).toBe(200);
  await expect(response.json()).rejects.toThrow(SyntaxError);
});

it('a delay comes before the usual answer', async () => {
  const conversion = await saleWith({ kind: 'delay', delayMs: 50 });
  const sentAt = performance.now();
  expect((await sandbox.post(conversion)).status).toBe(200);
  expect(performance.now() - sentAt).toBeGreaterThanOrEqual(49);
});

describe('a fault', () => {
  it('applies to as many requests as it says, one by default, after those that were added before it', async () => {
    const conversion = await saleWith({ kind: 'status', status: 500, times: 2 });
    await sandbox.fault({ kind: 'rate-limit', orderId: conversion.OrderId });
    expect(await statuses(4, conversion)).toEqual([500, 500, 429, 200]);
  });

  it('leaves other orders alone', async () => {
    await saleWith({ kind: 'status', status: 500 });
    expect(await statuses(1, sale())).toEqual([200]);
  });

  it('applies to the event type that it names', async () => {
    const actionTrackerId = '68897';
    await sandbox.fault({ kind: 'status', status: 400, actionTrackerId });
    expect(await statuses(1, sale())).toEqual([200]);
    expect(await statuses(2, sale({ ActionTrackerId: actionTrackerId }))).toEqual([400, 200]);
  });

  it('applies to the resource that it names, by the order of a submission', async () => {
    const conversion = await saleWith({ kind: 'status', status: 503, resource: 'APISubmissions' });
    const { QueuedUri } = (await (await sandbox.post(conversion)).json()) as { QueuedUri: string };
    const statusOf = async (path: string) => (await sandbox.call('GET', path)).status;
    expect(await statusOf(`${account}/APISubmissions/${randomUUID()}`)).toBe(404);
    expect([await statusOf(QueuedUri), await statusOf(QueuedUri)]).toEqual([503, 200]);
  });

  it('is cleared for one order', async () => {
    const [cleared, kept] = [
      await saleWith({ kind: 'status', status: 500 }),
      await saleWith({ kind: 'status', status: 500 }),
    ];
    await sandbox.clearFaults(cleared.OrderId);
    expect([...(await statuses(1, cleared)), ...(await statuses(1, kept))]).toEqual([200, 500]);
  });
});
