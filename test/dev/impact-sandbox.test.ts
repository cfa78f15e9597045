import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startImpactSandbox } from '../../dev/impact-sandbox/index.js';
import { outputOf } from '../support/child-output.js';
import { account, type Fields, sale, startTestSandbox, type TestSandbox } from './impact-sandbox-support.js';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

const queued = {
  Status: 'QUEUED',
  QueuedUri: expect.stringMatching(/^\/Advertisers\/IRsandboxSid\/APISubmissions\/A-[0-9a-f-]{36}$/),
};

/** The fields that the sandbox refuses; none if it accepts the conversion. */
async function wrongFields(fields: Fields): Promise<string[]> {
  const response = await sandbox.post(fields);
  const { Errors = [] } = (await response.json()) as { Errors?: { Field: string }[] };
  expect(response.status).toBe(Errors.length > 0 ? 400 : 200);
  return Errors.map(({ Field }) => Field);
}

describe('a conversion', () => {
  it('is queued and shown, byte for byte, with its answer', async () => {
    const fields = sale({ ClickId: ' aA:b%3A%253A+&=é"<\u2212 ' });
    const response = await sandbox.post(fields);
    const body = await response.json();
    expect(body).toEqual(queued);
    expect(await sandbox.conversions(fields.OrderId)).toEqual([
      {
        submissionId: expect.stringMatching(/^A-/),
        orderId: fields.OrderId,
        fields,
        answer: { status: 200, body },
      },
    ]);
    expect(await sandbox.requests(fields.OrderId)).toMatchObject([{ method: 'POST', status: 200 }]);
  });

  it('is shown without the credentials', async () => {
    const fields = sale();
    await sandbox.post(fields);
    expect(JSON.stringify(await sandbox.requests(fields.OrderId))).not.toMatch(/authorization|Basic/);
  });

  it('that is refused is shown among the requests alone, and its fields are named', async () => {
    const fields = sale({ CampaignId: 'x' });
    const response = await sandbox.post(fields);
    expect(await response.json()).toEqual({
      Status: 'ERROR',
      Message: 'Validation Failed',
      Errors: [{ Field: 'CampaignId', Message: 'Not an integer of at most 10 digits' }],
    });
    expect(await sandbox.conversions(fields.OrderId)).toEqual([]);
    expect(await sandbox.requests(fields.OrderId)).toMatchObject([{ status: 400 }]);
  });

  it.each([
    ['another content type', 'text/plain', 'OrderId=1'],
    ['an escape that is not UTF-8', 'application/x-www-form-urlencoded', 'ClickId=%ff'],
    ['a field that is sent twice', 'application/x-www-form-urlencoded', 'ClickId=a&ClickId=b'],
  ])('is refused with %s', async (_what, contentType, body) => {
    const authorization = `Basic ${btoa('IRsandboxSid:sandbox-token')}`;
    const response = await sandbox.post(
      {},
      { body, headers: { authorization, 'content-type': contentType } },
    );
    expect([response.status, await response.json()]).toMatchObject([400, { Errors: [{ Field: 'Body' }] }]);
  });
});

describe('the validation', () => {
  it('names everything that is missing at once', async () => {
    const required = ['CampaignId', 'ActionTrackerId', 'EventDate', 'OrderId', 'ClickId', 'CurrencyCode'];
    expect(await wrongFields({ Amount: '1', OrderId: '' })).toEqual(required);
  });

  it.each([
    ['MediaPartnerId', { MediaId: '1', MediaPartnerId: '1' }],
    ['CampaignId', { CampaignId: '12345678901' }],
    ['OrderId', { OrderId: 'x'.repeat(65) }],
    ['ClickId', { ClickId: 'x'.repeat(65) }],
    ['Note', { Note: 'x'.repeat(256) }],
    ['OrderPromoCode', { OrderPromoCode: 'x'.repeat(256) }],
    ['OrderDiscount', { OrderDiscount: '50.01' }],
    ['Amount', { Amount: '9.999' }],
    ['Amount', { Amount: '-9.99' }],
    ['Amount', { Amount: '123456789' }],
    ['CurrencyCode', { CurrencyCode: 'usd' }],
    ['EventDate', { EventDate: 'yesterday' }],
    ['EventDate', { EventDate: '2026-02-30T10:00:00Z' }],
    ['CustomerId', { CustomerId: 'user@example.com' }],
    ['CustomerEmail', { CustomerEmail: 'user@example.com' }],
    ['CustomerStatus', { CustomerStatus: 'Returning' }],
  ])('refuses %s in %o', async (name, fields) => {
    expect(await wrongFields(sale(fields))).toEqual([name]);
  });

  it.each([
    { EventDate: 'NOW' },
    { EventDate: '2026-11-23T10:00:00.123Z' },
    { EventDate: '2023-02-15T22:55:32-08:00' },
    { OrderId: '😀'.repeat(64) },
    { Amount: '12345678.99' },
    { ClickId: '', CustomerId: '665f1c' },
    { ClickId: '', OrderPromoCode: 'SUMMER' },
    { OrderDiscount: '50.00', OrderTax: '9.50', OrderShipping: '4.90' },
    { CustomerStatus: 'New', CustomerEmail: '63a710569261a24b3766275b7000ce8d7b32e2f7' },
    { Favourite: 'unknown' },
    { CampaignId: '1' },
  ])('accepts %o', async (fields) => {
    expect(await wrongFields(sale(fields))).toEqual([]);
  });
});

describe('access', () => {
  it.each([
    [401, `${account}/Conversions`, 'IRsandboxSid:wrong'],
    [403, '/Advertisers/IRother/Conversions', 'IRsandboxSid:sandbox-token'],
    [404, `${account}/Unknown`, 'IRsandboxSid:sandbox-token'],
    [405, `${account}/APISubmissions/A-1`, 'IRsandboxSid:sandbox-token'],
  ])('is answered with %i where it must be', async (status, path, credentials) => {
    const headers = { authorization: `Basic ${btoa(credentials)}` };
    const response = await sandbox.call('POST', path, sale(), { headers });
    expect([response.status, await response.json()]).toMatchObject([status, { Status: 'ERROR' }]);
  });

  it('is limited by the hour, for the resources that are set so', async () => {
    const rateLimits = { Conversions: null, APISubmissions: 1, Actions: 1000 };
    const limited = await startTestSandbox({ rateLimits });
    onTestFinished(() => limited.stop());
    const first = await limited.call('GET', `${account}/APISubmissions/A-1`);
    const second = await limited.call('GET', `${account}/APISubmissions/A-1`);
    expect([first.status, second.status]).toEqual([404, 429]);
  });
});

describe('the control routes', () => {
  it.each([
    ['POST', '/settings', { errorShape: 'v15' }, /errorShape/],
    ['POST', '/faults', { kind: 'explosion' }, /kind/],
    ['POST', '/faults', { kind: 'hang', time: 1 }, /time/],
    ['POST', '/outcomes', { orderId: 'A-1' }, /Give one of/],
    ['POST', '/actions', { Oid: 'A-1' }, /ActionTrackerId/],
    ['DELETE', '/faults?orderid=1', undefined, /orderid/],
  ])('refuse %s %s with %o, and say why', async (method, path, body, words) => {
    const response = await sandbox.control(method, path, body);
    expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(words)]);
  });
});

describe('the process', () => {
  it('takes its settings from the environment, and ends on SIGTERM while a request hangs', async () => {
    const env = {
      PATH: process.env.PATH,
      IMPACT_ACCOUNT_SID: 'IRsandboxSid',
      IMPACT_AUTH_TOKEN: 'sandbox-token',
    };
    const child = spawn(process.execPath, ['--import', 'tsx', 'dev/impact-sandbox/main.ts'], { env });
    const exited = once(child, 'exit');
    const [line] = await once(child.stdout, 'data');
    const url = /http:\S+/.exec(String(line))?.[0];
    await fetch(`${url}/_sandbox/faults`, { method: 'POST', body: '{"kind":"hang"}' });
    const hanging = expect(fetch(`${url}${account}/Conversions`, { method: 'POST' })).rejects.toThrow();
    await expect.poll(async () => (await fetch(`${url}/_sandbox/requests`)).text()).toContain('hang');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await hanging;
  });

  it('says which variables are missing when it is started alone, and what they look like', async () => {
    const env = { PATH: process.env.PATH, PORT: 'http' };
    const child = spawn(process.execPath, ['--import', 'tsx', 'dev/impact-sandbox/main.ts'], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(await outputOf(child)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: [
        'The environment is incomplete or invalid (see .env.example):',
        '  IMPACT_ACCOUNT_SID: is missing. Example: IRsandbox',
        '  IMPACT_AUTH_TOKEN: is missing. Example: sandbox-token',
        '  PORT: must be a number. Example: 0',
        '',
      ].join('\n'),
    });
  });

  it('fails to start on a port that is taken', async () => {
    const port = Number(new URL(sandbox.url).port);
    const starting = startImpactSandbox({ accountSid: 'IR', authToken: 'token', port });
    await expect(starting).rejects.toThrow('EADDRINUSE');
  });
});
