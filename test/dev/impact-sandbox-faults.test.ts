import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ImpactSandbox,
  type ReceivedConversion,
  type ReceivedRequest,
  startImpactSandbox,
} from '../../dev/impact-sandbox/index.js';

const credentials = { accountSid: 'IRsandboxSid', authToken: 'sandbox-token' };
let sandbox: ImpactSandbox;
beforeAll(async () => {
  sandbox = await startImpactSandbox(credentials);
});
afterAll(() => sandbox.stop());

interface Sent {
  url?: string;
  authorization?: string;
  signal?: AbortSignal | null;
  fields?: Record<string, string>;
}

function post(orderId: string, { url = sandbox.url, authorization, signal = null, fields }: Sent = {}) {
  const headers = {
    accept: 'application/json',
    authorization: authorization ?? `Basic ${btoa('IRsandboxSid:sandbox-token')}`,
  };
  const body = new URLSearchParams({
    CampaignId: '48046',
    ActionTrackerId: '68897',
    EventDate: '2026-11-23T10:00:00Z',
    OrderId: orderId,
    ClickId: 'click',
    ...fields,
  });
  return fetch(`${url}/Advertisers/IRsandboxSid/Conversions`, { method: 'POST', headers, body, signal });
}

function addFault(fault: object, url = sandbox.url) {
  return fetch(`${url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) });
}

/** An order of its own with a fault of its own, so that tests share the sandbox and nothing else. */
async function orderWith(fault: object): Promise<string> {
  const orderId = randomUUID();
  await addFault({ orderId, ...fault });
  return orderId;
}

async function inspect(path: string, url = sandbox.url) {
  const response = await fetch(`${url}/_sandbox/${path}`);
  return (await response.json()) as {
    requests: ReceivedRequest[];
    conversions: ReceivedConversion[];
    faults: object[];
  };
}
const requests = async (orderId: string, url?: string) =>
  (await inspect(`requests?orderId=${orderId}`, url)).requests;
const conversions = async (orderId: string) => (await inspect(`conversions?orderId=${orderId}`)).conversions;

/** Sends a conversion and gives up waiting as soon as it has arrived. */
async function postAndGiveUp(orderId: string): Promise<void> {
  const client = new AbortController();
  const sent = expect(post(orderId, { signal: client.signal })).rejects.toThrow('aborted');
  await expect.poll(() => requests(orderId), { interval: 5 }).toHaveLength(1);
  client.abort();
  await sent;
}

async function statuses(count: number, orderId: string, sent: Sent = {}): Promise<number[]> {
  const results: number[] = [];
  for (let i = 0; i < count; i++) results.push((await post(orderId, sent)).status);
  return results;
}

describe('a status fault', () => {
  it('answers with its status, headers and body', async () => {
    const fault = {
      kind: 'status',
      status: 502,
      headers: { 'X-Cache': 'none' },
      body: '<h1>Bad Gateway</h1>',
    };
    const response = await post(await orderWith(fault));
    expect([response.status, response.headers.get('x-cache'), await response.text()]).toEqual([
      502,
      'none',
      '<h1>Bad Gateway</h1>',
    ]);
  });

  it('answers with a JSON body', async () => {
    const response = await post(await orderWith({ kind: 'status', status: 400, body: { Status: 'ERROR' } }));
    expect(await response.json()).toEqual({ Status: 'ERROR' });
  });

  it('answers in the documented shape without a body', async () => {
    const response = await post(await orderWith({ kind: 'status', status: 503 }));
    expect(await response.json()).toEqual({ Status: 'ERROR', Message: 'Service Unavailable' });
  });

  it('keeps the conversion out', async () => {
    const orderId = await orderWith({ kind: 'status', status: 503 });
    await post(orderId);
    expect(await conversions(orderId)).toEqual([]);
  });

  it('lets the conversion in when it only loses the answer', async () => {
    const orderId = await orderWith({ kind: 'status', status: 504, accepted: true });
    await post(orderId);
    expect(await conversions(orderId)).toHaveLength(1);
  });

  it('comes before authentication', async () => {
    const orderId = await orderWith({ kind: 'status', status: 503 });
    expect((await post(orderId, { authorization: 'none' })).status).toBe(503);
  });

  it('is written down with the request', async () => {
    const orderId = await orderWith({ kind: 'status', status: 503 });
    await post(orderId);
    expect(await requests(orderId)).toEqual([
      expect.objectContaining({ status: 503, fault: 'status', accepted: false }),
    ]);
  });
});

describe('a rate limit', () => {
  it('answers 429 with the given headers', async () => {
    const headers = { 'Retry-After': '7', 'X-RateLimit-Reset': '1487332519' };
    const response = await post(await orderWith({ kind: 'rate-limit', headers }));
    const { 'retry-after': retryAfter, 'x-ratelimit-reset': reset } = Object.fromEntries(response.headers);
    expect([response.status, retryAfter, reset]).toEqual([429, '7', '1487332519']);
  });

  it('answers in the documented shape', async () => {
    const response = await post(await orderWith({ kind: 'rate-limit' }));
    expect(await response.json()).toMatchObject({ Status: 'ERROR', Message: expect.any(String) });
  });
});

describe('a delay', () => {
  it('comes before the usual answer', async () => {
    const orderId = await orderWith({ kind: 'delay', delayMs: 50 });
    const sentAt = performance.now();
    const response = await post(orderId);
    expect([response.status, performance.now() - sentAt >= 49]).toEqual([200, true]);
  });

  it('accepts the conversion also when the client has given up', async () => {
    const orderId = await orderWith({ kind: 'delay', delayMs: 200 });
    await postAndGiveUp(orderId);
    await expect.poll(() => conversions(orderId)).toHaveLength(1);
  });
});

describe('a hang', () => {
  it('never answers', async () => {
    const orderId = await orderWith({ kind: 'hang' });
    await expect(post(orderId, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
  });

  it('is written down without a status', async () => {
    const orderId = await orderWith({ kind: 'hang' });
    await postAndGiveUp(orderId);
    const [request] = await requests(orderId);
    expect([request?.fault, request?.status, request?.accepted]).toEqual(['hang', undefined, false]);
  });

  it('lets the conversion in when told so', async () => {
    const orderId = await orderWith({ kind: 'hang', accepted: true });
    await postAndGiveUp(orderId);
    expect(await conversions(orderId)).toHaveLength(1);
  });

  it('ends when the sandbox stops', async () => {
    const other = await startImpactSandbox(credentials);
    await addFault({ kind: 'hang' }, other.url);
    const hanging = post('hanging', { url: other.url });
    const rejected = expect(hanging).rejects.toThrow('fetch failed');
    await expect.poll(() => requests('hanging', other.url)).toHaveLength(1);
    await other.stop();
    await rejected;
  });
});

describe('a reset', () => {
  it('breaks the connection', async () => {
    const orderId = await orderWith({ kind: 'reset' });
    await expect(post(orderId)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it('lets the conversion in', async () => {
    const orderId = await orderWith({ kind: 'reset' });
    await post(orderId).catch(() => undefined);
    expect(await conversions(orderId)).toHaveLength(1);
  });

  it('keeps the conversion out when told so', async () => {
    const orderId = await orderWith({ kind: 'reset', accepted: false });
    await post(orderId).catch(() => undefined);
    expect(await conversions(orderId)).toEqual([]);
  });

  it('does not let in what Impact would refuse', async () => {
    const orderId = await orderWith({ kind: 'reset' });
    await post(orderId, { fields: { CampaignId: 'x' } }).catch(() => undefined);
    expect(await conversions(orderId)).toEqual([]);
  });

  it('is written down as accepted and without a status', async () => {
    const orderId = await orderWith({ kind: 'reset' });
    await post(orderId).catch(() => undefined);
    const [request] = await requests(orderId);
    expect([request?.fault, request?.status, request?.accepted]).toEqual(['reset', undefined, true]);
  });

  it('makes the next attempt a duplicate', async () => {
    const orderId = await orderWith({ kind: 'reset' });
    await post(orderId).catch(() => undefined);
    await post(orderId);
    const [first, second] = await conversions(orderId);
    expect(second?.duplicateOf).toBe(first?.submissionId);
  });
});

describe('garbage', () => {
  it('is a success that cannot be read', async () => {
    const response = await post(await orderWith({ kind: 'garbage' }));
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^application\/json/),
    ]);
    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  it('is what was asked for', async () => {
    const fault = { kind: 'garbage', status: 201, body: '\u0000?', contentType: 'text/html' };
    const response = await post(await orderWith(fault));
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      201,
      'text/html; charset=utf-8',
      '\u0000?',
    ]);
  });
});

describe('a fault', () => {
  it('hits the next request only, unless told otherwise', async () => {
    const orderId = await orderWith({ kind: 'status', status: 500 });
    expect(await statuses(2, orderId)).toEqual([500, 200]);
  });

  it('hits as many requests as told', async () => {
    const orderId = await orderWith({ kind: 'status', status: 500, times: 2 });
    expect(await statuses(3, orderId)).toEqual([500, 500, 200]);
  });

  it('waits for those added before it', async () => {
    const orderId = await orderWith({ kind: 'status', status: 500 });
    await addFault({ kind: 'rate-limit', orderId });
    expect(await statuses(3, orderId)).toEqual([500, 429, 200]);
  });

  it('leaves other orders alone', async () => {
    await orderWith({ kind: 'status', status: 500 });
    expect(await statuses(1, randomUUID())).toEqual([200]);
  });

  it('hits only what is reported as the event type that it names', async () => {
    const other = await startImpactSandbox(credentials);
    await addFault({ kind: 'status', status: 400, times: 9, actionTrackerId: '99999' }, other.url);
    const statusOf = async (ActionTrackerId: string) =>
      (await post(ActionTrackerId, { url: other.url, fields: { ActionTrackerId } })).status;
    const results = [await statusOf('68897'), await statusOf('99999'), await statusOf('99999')];
    await other.stop();
    expect(results).toEqual([200, 400, 400]);
  });

  it('hits every order when it names none', async () => {
    const other = await startImpactSandbox(credentials);
    await addFault({ kind: 'status', status: 500, times: 2 }, other.url);
    const results = [...(await statuses(1, 'a', other)), ...(await statuses(1, 'b', other))];
    await other.stop();
    expect(results).toEqual([500, 500]);
  });

  it('hits a share of the requests', async () => {
    const numbers = [0.2, 0.3, 0.29, 0.9];
    const other = await startImpactSandbox({ ...credentials, random: () => numbers.shift() ?? 1 });
    await addFault({ kind: 'status', status: 500, share: 0.3 }, other.url);
    const results = await statuses(4, 'order', { url: other.url });
    await other.stop();
    expect(results).toEqual([500, 200, 500, 200]);
  });

  it('is listed with the times that remain', async () => {
    const orderId = await orderWith({ kind: 'hang', times: 3, accepted: true });
    await postAndGiveUp(orderId);
    const { faults } = await inspect('faults');
    expect(faults).toContainEqual({ kind: 'hang', times: 2, accepted: true, orderId });
  });

  it('is no longer listed once it is used up', async () => {
    const orderId = await orderWith({ kind: 'status', status: 500 });
    await post(orderId);
    const { faults } = await inspect('faults');
    expect(faults).not.toContainEqual(expect.objectContaining({ orderId }));
  });

  it('is cleared for one order', async () => {
    const [cleared, kept] = [
      await orderWith({ kind: 'status', status: 500 }),
      await orderWith({ kind: 'status', status: 500 }),
    ];
    await fetch(`${sandbox.url}/_sandbox/faults?orderId=${cleared}`, { method: 'DELETE' });
    expect([...(await statuses(1, cleared)), ...(await statuses(1, kept))]).toEqual([200, 500]);
  });

  it('is cleared with all others', async () => {
    const other = await startImpactSandbox(credentials);
    await addFault({ kind: 'hang', share: 1 }, other.url);
    await fetch(`${other.url}/_sandbox/faults`, { method: 'DELETE' });
    const results = await statuses(1, 'order', { url: other.url });
    await other.stop();
    expect(results).toEqual([200]);
  });

  it.each([
    ['an unknown kind', { kind: 'explosion' }, 'kind'],
    ['a status fault without a status', { kind: 'status' }, 'status'],
    ['an impossible status', { kind: 'status', status: 99 }, 'status'],
    ['a delay without a length', { kind: 'delay' }, 'delayMs'],
    ['a negative delay', { kind: 'delay', delayMs: -1 }, 'delayMs'],
    ['no times at all', { kind: 'hang', times: 0 }, 'times'],
    ['a share above 1', { kind: 'hang', share: 1.5 }, 'share'],
    ['times and share together', { kind: 'hang', share: 0.5, times: 1 }, 'share'],
    ['a misspelt field', { kind: 'hang', time: 1 }, 'time'],
    [
      'a header that cannot be sent',
      { kind: 'rate-limit', headers: { 'Retry After': '7' } },
      'headers.Retry After',
    ],
    [
      'a header value that cannot be sent',
      { kind: 'rate-limit', headers: { Reset: 'a\nb' } },
      'headers.Reset',
    ],
  ])('is refused with %s', async (_what, fault, field) => {
    const response = await addFault(fault);
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ field, message: expect.any(String) }] },
    ]);
  });
});
