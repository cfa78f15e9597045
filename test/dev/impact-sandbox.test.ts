import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ImpactSandbox,
  type ReceivedConversion,
  type ReceivedRequest,
  startImpactSandbox,
} from '../../dev/impact-sandbox/index.js';

const credentials = { accountSid: 'IRsandboxSid', authToken: 'sandbox-token' };
const conversionsPath = '/Advertisers/IRsandboxSid/Conversions';
const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;
const signup = (fields: Record<string, string> = {}) => ({
  CampaignId: '48046',
  ActionTrackerId: '68897',
  EventDate: '2026-11-23T10:00:00Z',
  OrderId: randomUUID(),
  ClickId: 'QiiWXOVnrQ3SQHl24jQjyxBGUkmzfJ3i1VHrWM0',
  ...fields,
});

let sandbox: ImpactSandbox;
beforeAll(async () => {
  sandbox = await startImpactSandbox(credentials);
});
afterAll(() => sandbox.stop());

interface Sent {
  url?: string;
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array | URLSearchParams;
}

function send({ url = sandbox.url, path = conversionsPath, method = 'POST', headers, body }: Sent) {
  const authorization = basic(credentials.accountSid, credentials.authToken);
  return fetch(url + path, { method, headers: { authorization, ...headers }, ...(body && { body }) });
}

const json = { accept: 'application/json' };
const jsonBody = { 'content-type': 'application/json' };
const postForm = (fields: Record<string, string>, sent: Sent = {}) =>
  send({ headers: json, ...sent, body: new URLSearchParams(fields) });

type Answered = Awaited<ReturnType<typeof fetch>>;
const queuedUri = async (response: Answered) => ((await response.json()) as { QueuedUri: string }).QueuedUri;
async function firstWrongField(response: Answered): Promise<unknown[]> {
  const { Errors } = (await response.json()) as { Errors: { Field: string }[] };
  return [response.status, Errors[0]?.Field];
}

async function inspect(path: string, url = sandbox.url) {
  const response = await fetch(`${url}/_sandbox${path}`);
  return (await response.json()) as { requests: ReceivedRequest[]; conversions: ReceivedConversion[] };
}
const conversions = async (orderId: string) => (await inspect(`/conversions?orderId=${orderId}`)).conversions;
const requests = async (orderId: string) => (await inspect(`/requests?orderId=${orderId}`)).requests;
const queued = {
  Status: 'QUEUED',
  QueuedUri: expect.stringMatching(/^\/Advertisers\/IRsandboxSid\/APISubmissions\/A-[0-9a-f-]{36}$/),
};

describe('submitting a conversion', () => {
  it('queues a form-encoded conversion', async () => {
    const response = await postForm(signup());
    expect([response.status, await response.json()]).toEqual([200, queued]);
  });

  it('queues a JSON-encoded conversion', async () => {
    const response = await send({ headers: { ...json, ...jsonBody }, body: JSON.stringify(signup()) });
    expect([response.status, await response.json()]).toEqual([200, queued]);
  });

  it('takes numbers and booleans in a JSON body', async () => {
    const fields = {
      ...signup({ CurrencyCode: 'USD' }),
      CampaignId: 48046,
      Amount: 9.5,
      TrackingConsent: true,
    };
    const response = await send({ headers: { ...json, ...jsonBody }, body: JSON.stringify(fields) });
    expect(await response.json()).toEqual(queued);
  });

  it('gives every submission its own id', async () => {
    expect(await queuedUri(await postForm(signup()))).not.toBe(await queuedUri(await postForm(signup())));
  });

  it.each([
    ['text/plain', new URLSearchParams(signup()).toString()],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/xml', '<Conversion/>'],
  ])('refuses the content type %s', async (contentType, body) => {
    const response = await send({ headers: { ...json, 'content-type': contentType }, body });
    expect(await firstWrongField(response)).toEqual([400, 'Content-Type']);
  });

  it('refuses a body without a content type', async () => {
    const response = await send({ headers: json, body: new Uint8Array([65]) });
    expect(await firstWrongField(response)).toEqual([400, 'Content-Type']);
  });

  it.each([
    ['broken JSON', jsonBody, '{"CampaignId":'],
    ['a JSON array', jsonBody, '[]'],
    ['a nested JSON value', jsonBody, '{"Items":[{"Sku":"1"}]}'],
    ['a JSON null', jsonBody, '{"ClickId":null}'],
    ['a broken escape', { 'content-type': 'application/x-www-form-urlencoded' }, 'ClickId=%zz'],
    ['an escape that is not UTF-8', { 'content-type': 'application/x-www-form-urlencoded' }, 'ClickId=%ff'],
  ])('refuses %s', async (_what, headers, body) => {
    const response = await send({ headers: { ...json, ...headers }, body });
    expect(await firstWrongField(response)).toEqual([400, 'Body']);
  });
});

describe('the answer', () => {
  it('is XML by default', async () => {
    const response = await postForm(signup(), { headers: {} });
    expect(response.headers.get('content-type')).toMatch(/^application\/xml/);
    expect(await response.text()).toMatch(
      /^<ImpactRadiusResponse><Status>QUEUED<\/Status><QueuedUri>\/Advertisers\/IRsandboxSid\/APISubmissions\/A-[0-9a-f-]{36}<\/QueuedUri><\/ImpactRadiusResponse>$/,
    );
  });

  it('is JSON with Accept: application/json', async () => {
    const response = await postForm(signup());
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('is JSON with a .json suffix', async () => {
    const response = await postForm(signup(), { path: `${conversionsPath}.json`, headers: {} });
    expect(await response.json()).toEqual(queued);
  });

  it('names the wrong fields in the general shape', async () => {
    const response = await postForm(signup({ CampaignId: 'x' }));
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        Status: 'ERROR',
        Message: 'Validation Failed',
        Errors: [{ Field: 'CampaignId', Message: 'Not an integer of at most 10 digits' }],
      },
    ]);
  });

  it('names the wrong fields in XML', async () => {
    const response = await postForm(signup({ CampaignId: 'x', OrderId: '' }), { headers: {} });
    expect(await response.text()).toBe(
      '<ImpactRadiusResponse><Status>ERROR</Status><Message>Validation Failed</Message><Errors>' +
        '<Error><Field>OrderId</Field><Message>Required</Message></Error>' +
        '<Error><Field>CampaignId</Field><Message>Not an integer of at most 10 digits</Message></Error>' +
        '</Errors></ImpactRadiusResponse>',
    );
  });

  it('names the wrong fields in the v14 shape when started so', async () => {
    const v14 = await startImpactSandbox({ ...credentials, errorShape: 'v14' });
    const response = await postForm(signup({ OrderId: '' }), { url: v14.url });
    const body = await response.json();
    await v14.stop();
    expect(body).toEqual({
      Status: 'ERROR',
      errors: [{ field: 'OrderId', level: 'ERROR', message: 'Required' }],
    });
  });

  it('names the wrong fields in the v14 shape in XML once it is set', async () => {
    const other = await startImpactSandbox(credentials);
    await fetch(`${other.url}/_sandbox/settings`, { method: 'POST', body: '{"errorShape":"v14"}' });
    const response = await postForm(signup({ OrderId: '' }), { url: other.url, headers: {} });
    const body = await response.text();
    await other.stop();
    expect(body).toBe(
      '<ImpactRadiusResponse><Status>ERROR</Status><errors><error><field>OrderId</field><level>ERROR</level>' +
        '<message>Required</message></error></errors></ImpactRadiusResponse>',
    );
  });
});

describe('access', () => {
  it.each([
    ['no credentials', ''],
    ['a wrong token', basic(credentials.accountSid, 'wrong')],
    ['a wrong account', basic('IRother', credentials.authToken)],
    ['another scheme', `Bearer ${credentials.authToken}`],
  ])('answers 401 to %s', async (_what, authorization) => {
    const response = await postForm(signup(), { headers: { ...json, authorization } });
    expect([response.status, await response.json()]).toEqual([
      401,
      { Status: 'ERROR', Message: 'No valid API key provided' },
    ]);
  });

  it('answers 401 in XML by default', async () => {
    const response = await postForm(signup(), { headers: { authorization: '' } });
    expect(await response.text()).toBe(
      '<ImpactRadiusResponse><Status>ERROR</Status><Message>No valid API key provided</Message></ImpactRadiusResponse>',
    );
  });

  it('answers 403 to a path of another account', async () => {
    const response = await postForm(signup(), { path: '/Advertisers/IRother/Conversions' });
    expect([response.status, await response.json()]).toEqual([
      403,
      { Status: 'ERROR', Message: "API key used doesn't have permissions to perform the request" },
    ]);
  });

  it.each(['/', '/Advertisers/IRsandboxSid', '/Advertisers/IRsandboxSid/conversions', `${conversionsPath}/`])(
    'answers 404 to %s',
    async (path) => {
      const response = await postForm(signup(), { path });
      expect([response.status, await response.json()]).toEqual([
        404,
        { Status: 'ERROR', Message: "Requested resource doesn't exist" },
      ]);
    },
  );

  it.each(['GET', 'PUT', 'DELETE'])('answers 405 to %s', async (method) => {
    const response = await send({ method, headers: json });
    expect([response.status, await response.json()]).toEqual([
      405,
      { Status: 'ERROR', Message: 'Method used in the call is not supported' },
    ]);
  });
});

describe('a duplicate', () => {
  it('is queued like any other', async () => {
    const fields = signup();
    await postForm(fields);
    expect(await (await postForm(fields)).json()).toEqual(queued);
  });

  it('is marked with the first submission of its order', async () => {
    const fields = signup();
    for (const _ of [1, 2, 3]) await postForm(fields);
    const received = await conversions(fields.OrderId);
    const first = received[0]?.submissionId;
    expect(received.map(({ duplicateOf }) => duplicateOf)).toEqual([undefined, first, first]);
  });

  it('is recognised by the old names Oid and EventTypeId', async () => {
    const { OrderId, ActionTrackerId, ...rest } = signup();
    await postForm({ ...rest, OrderId, ActionTrackerId });
    await postForm({ ...rest, Oid: OrderId, EventTypeId: ActionTrackerId });
    const [first, second] = await conversions(OrderId);
    expect(second?.duplicateOf).toBe(first?.submissionId);
  });

  it('is not what another event type reports of the same order', async () => {
    const fields = signup();
    await postForm(fields);
    await postForm({ ...fields, ActionTrackerId: '99999' });
    const received = await conversions(fields.OrderId);
    expect(received.map(({ duplicateOf }) => duplicateOf)).toEqual([undefined, undefined]);
  });
});

describe('what the sandbox shows', () => {
  it('is the accepted conversion with its headers and its answer', async () => {
    const fields = signup();
    const response = await postForm(fields, { headers: { ...json, 'ir-version': '14' } });
    expect(await conversions(fields.OrderId)).toEqual([
      {
        submissionId: expect.stringMatching(/^A-/),
        receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        orderId: fields.OrderId,
        fields,
        contentType: 'application/x-www-form-urlencoded;charset=UTF-8',
        headers: expect.objectContaining({ accept: 'application/json', 'ir-version': '14' }),
        answer: { status: 200, body: await response.json() },
      },
    ]);
  });

  it('never includes the credentials', async () => {
    const fields = signup();
    await postForm(fields);
    const shown = [await inspect('/conversions'), await inspect('/requests')];
    expect(JSON.stringify(shown)).not.toContain('authorization');
  });

  it.each([
    ['a form', (ClickId: string) => postForm(signup({ ClickId, OrderId: 'bytes-form' })), 'bytes-form'],
    [
      'JSON',
      (ClickId: string) =>
        send({ headers: jsonBody, body: JSON.stringify(signup({ ClickId, OrderId: 'bytes-json' })) }),
      'bytes-json',
    ],
  ])('keeps a value byte for byte from %s', async (_what, post, orderId) => {
    const clickId = ' aA:b%3A%253A+&=é"<\u2212 ';
    await post(clickId);
    const [received] = await conversions(orderId);
    expect(received?.fields.ClickId).toBe(clickId);
  });

  it('gives aliases their canonical names', async () => {
    const { OrderId, ActionTrackerId, ...rest } = signup();
    const old = { Oid: OrderId, EventTypeId: ActionTrackerId, Currency: 'USD', PromoCode: 'TEN' };
    await postForm({ ...rest, ...old });
    const canonical = { OrderId, ActionTrackerId, CurrencyCode: 'USD', OrderPromoCode: 'TEN' };
    const [received] = await conversions(OrderId);
    expect(received?.fields).toEqual({ ...rest, ...canonical });
  });

  it('leaves a refused conversion out', async () => {
    const fields = signup({ CampaignId: 'x' });
    await postForm(fields);
    expect(await conversions(fields.OrderId)).toEqual([]);
  });

  it('counts a refused request among the requests', async () => {
    const fields = signup({ CampaignId: 'x' });
    await postForm(fields);
    expect(await requests(fields.OrderId)).toEqual([
      expect.objectContaining({ method: 'POST', path: conversionsPath, status: 400, accepted: false }),
    ]);
  });

  it('counts an accepted request among the requests', async () => {
    const fields = signup();
    await postForm(fields);
    expect(await requests(fields.OrderId)).toEqual([
      expect.objectContaining({ status: 200, accepted: true }),
    ]);
  });

  it('is forgotten for one order', async () => {
    const [forgotten, kept] = [signup(), signup()];
    await Promise.all([postForm(forgotten), postForm(kept)]);
    const url = `${sandbox.url}/_sandbox/conversions?orderId=${forgotten.OrderId}`;
    await fetch(url, { method: 'DELETE' });
    const received = [await conversions(forgotten.OrderId), await conversions(kept.OrderId)];
    expect(received.map(({ length }) => length)).toEqual([0, 1]);
  });

  it('is forgotten altogether', async () => {
    const other = await startImpactSandbox(credentials);
    await postForm(signup(), { url: other.url });
    await fetch(`${other.url}/_sandbox/conversions`, { method: 'DELETE' });
    const shown = [await inspect('/conversions', other.url), await inspect('/requests', other.url)];
    await other.stop();
    expect(shown).toEqual([{ conversions: [] }, { requests: [] }]);
  });

  it.each([
    ['an unknown error shape', 'POST', '/settings', '{"errorShape":"v15"}', 'errorShape'],
    ['broken JSON', 'POST', '/settings', '{', 'body'],
    ['no body', 'POST', '/settings', null, 'body'],
    ['a misspelt filter', 'DELETE', '/conversions?orderid=1', null, 'orderid'],
  ])('answers 400 to %s and names the field', async (_what, method, path, body, field) => {
    const response = await fetch(`${sandbox.url}/_sandbox${path}`, { method, body });
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ field, message: expect.any(String) }] },
    ]);
  });

  it('answers 404 to an unknown /_sandbox route', async () => {
    expect((await fetch(`${sandbox.url}/_sandbox/unknown`)).status).toBe(404);
  });
});

describe('starting and stopping', () => {
  it('may be stopped twice', async () => {
    const other = await startImpactSandbox(credentials);
    await other.stop();
    await expect(other.stop()).resolves.toBeUndefined();
  });

  it('frees its port when stopped', async () => {
    const other = await startImpactSandbox(credentials);
    await other.stop();
    const again = await startImpactSandbox({ ...credentials, port: Number(new URL(other.url).port) });
    await again.stop();
    expect(again.url).toBe(other.url);
  });

  it('fails to start on a port that is taken', async () => {
    const port = Number(new URL(sandbox.url).port);
    await expect(startImpactSandbox({ ...credentials, port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('the process', () => {
  async function startProcess() {
    const env = {
      ...process.env,
      IMPACT_ACCOUNT_SID: credentials.accountSid,
      IMPACT_AUTH_TOKEN: credentials.authToken,
    };
    const child = spawn(process.execPath, ['--import', 'tsx', 'dev/impact-sandbox/main.ts'], { env });
    const exited = once(child, 'exit');
    const [line] = await once(child.stdout, 'data');
    return { child, exited, url: /http:\S+/.exec(String(line))?.[0] ?? '' };
  }

  it('takes its settings from the environment and ends on SIGTERM', async () => {
    const { child, exited, url } = await startProcess();
    const { status } = await postForm(signup(), { url });
    child.kill('SIGTERM');
    expect([status, ...(await exited)]).toEqual([200, 0, null]);
  });

  it('ends on SIGINT while a request hangs and another is delayed', async () => {
    const { child, exited, url } = await startProcess();
    for (const fault of [{ kind: 'hang' }, { kind: 'delay', delayMs: 600_000 }])
      await fetch(`${url}/_sandbox/faults`, { method: 'POST', body: JSON.stringify(fault) });
    const waiting = Promise.allSettled([postForm(signup(), { url }), postForm(signup(), { url })]);
    await expect.poll(async () => (await inspect('/requests', url)).requests).toHaveLength(2);
    child.kill('SIGINT');
    expect(await exited).toEqual([0, null]);
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
