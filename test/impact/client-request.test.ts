import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createSandboxCaller } from '../../dev/impact-sandbox/caller.js';
import { startImpactSandbox } from '../../dev/impact-sandbox/index.js';
import type { ConversionReport } from '../../src/domain/decide.js';
import { createImpactClient, type ImpactClient } from '../../src/impact/client.js';
import { CREDENTIALS, clientOf, SIGNUP, serverThat } from './support.js';

interface Sent {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** The HTTP request for a report. */
const sent = (report: ConversionReport, credentials = CREDENTIALS) =>
  sentBy((client) => client.submitConversion(report), credentials);

async function sentBy(
  call: (client: ImpactClient) => Promise<unknown>,
  credentials = CREDENTIALS,
): Promise<Sent> {
  const received: Sent[] = [];
  const url = await serverThat(async (request, response) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: await text(request) });
    response.end('{"Status":"QUEUED"}');
  });
  await call(clientOf(url, { credentials }));
  expect(received).toHaveLength(1);
  return received[0] as Sent;
}

describe('the request to Impact', () => {
  it("is a POST to the account's conversions", async () => {
    const { method, url } = await sent(SIGNUP);
    expect(`${method} ${url}`).toBe('POST /Advertisers/IRtest/Conversions');
  });

  it('escapes the account sid in the path', async () => {
    const { url } = await sent(SIGNUP, { accountSid: 'IR/../x?', authToken: 't' });
    expect(url).toBe('/Advertisers/IR%2F..%2Fx%3F/Conversions');
  });

  it('carries the credentials as HTTP basic', async () => {
    const { headers } = await sent(SIGNUP);
    expect(headers.authorization).toBe(`Basic ${btoa('IRtest:impact-secret')}`);
  });

  it('asks for version 14 of the API, and for JSON', async () => {
    const { headers } = await sent(SIGNUP);
    expect(headers).toMatchObject({ 'ir-version': '14', accept: 'application/json' });
  });

  it('is form-encoded, with that content type', async () => {
    const { headers } = await sent(SIGNUP);
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded(;|$)/);
  });

  it("contains the fields of a signup, with Impact's names", async () => {
    const { body } = await sent(SIGNUP);
    expect(body).toBe(
      'CampaignId=48046&ActionTrackerId=68897&ClickId=3t6RuJ&OrderId=signup-665f1c' +
        '&EventDate=2026-11-23T10%3A00%3A00.000Z&CustomerId=665f1c&CustomerStatus=New',
    );
  });

  it('contains the amount of a sale as a decimal in major units, and its currency', async () => {
    const { customerStatus: _none, ...report } = SIGNUP;
    const { body } = await sent({ ...report, amount: '49.00', currencyCode: 'USD' });
    expect(body).toBe(
      'CampaignId=48046&ActionTrackerId=68897&ClickId=3t6RuJ&OrderId=signup-665f1c' +
        '&EventDate=2026-11-23T10%3A00%3A00.000Z&CustomerId=665f1c&Amount=49.00&CurrencyCode=USD',
    );
  });

  it("encodes a click id once, so that Impact decodes the visitor's click id", async () => {
    const { body } = await sent({ ...SIGNUP, clickId: 'a:b%3Ac+d e&f=g' });
    expect(body).toContain('&ClickId=a%3Ab%253Ac%2Bd+e%26f%3Dg&');
  });

  it('encodes an order id that is not ASCII as UTF-8', async () => {
    const { body } = await sent({ ...SIGNUP, orderId: 'Größe-1' });
    expect(body).toContain('&OrderId=Gr%C3%B6%C3%9Fe-1&');
  });
});

describe('the request to change an action', () => {
  const order = { actionTrackerId: 99999, orderId: 'A-1', reason: 'ITEM_RETURNED', amount: '35.00' };
  const items = [
    { sku: 'shirt', category: 'clothes', quantity: 1, amount: '15.00' },
    { sku: 'shoes', category: 'footwear', quantity: 0, amount: '0.00' },
    { sku: 'socks', category: 'clothes', quantity: 4, amount: '20.00' },
  ];
  const fields = ({ body }: Sent) => Object.fromEntries(new URLSearchParams(body));

  it('has the whole new amount and the reason', async () => {
    const request = await sentBy((client) => client.updateAction(order));
    expect(`${request.method} ${request.url}`).toBe('PUT /Advertisers/IRtest/Actions');
    expect(fields(request)).toEqual({
      ActionTrackerId: '99999',
      OrderId: 'A-1',
      Reason: 'ITEM_RETURNED',
      Amount: '35.00',
    });
  });

  it('has instead what is left of each item, numbered from the second on, and always the reason ORDER_UPDATE', async () => {
    expect(fields(await sentBy((client) => client.updateAction({ ...order, items })))).toEqual({
      ActionTrackerId: '99999',
      OrderId: 'A-1',
      Reason: 'ORDER_UPDATE',
      ...{ Sku: 'shirt', Category: 'clothes', Quantity: '1', Amount: '15.00' },
      ...{ Sku2: 'shoes', Category2: 'footwear', Quantity2: '0', Amount2: '0.00' },
      ...{ Sku3: 'socks', Category3: 'clothes', Quantity3: '4', Amount3: '20.00' },
    });
  });
});

describe('without credentials', () => {
  it('there is no client, so that nothing can be sent', () => {
    const config = { baseUrl: 'https://api.impact.com', timeoutMs: 1_000 };
    expect(createImpactClient({ ...config, credentials: null })).toBeNull();
  });
});

describe('the sandbox, which refuses what the documentation refuses,', () => {
  it.each([
    ['a signup', SIGNUP],
    ['a sale', { ...SIGNUP, amount: '0.50', currencyCode: 'USD' }],
    ['a click id with reserved characters', { ...SIGNUP, clickId: '3t6RuJ:x0 %3A+&=' }],
    ['an order id outside ASCII', { ...SIGNUP, orderId: 'Größe/1:2' }],
  ] as const)('takes %s as it was meant', async (_what, report) => {
    const sandbox = await startImpactSandbox(CREDENTIALS);
    try {
      const { queuedUri } = await clientOf(sandbox.url).submitConversion(report);
      const [received] = await createSandboxCaller(sandbox.url).conversions(report.orderId);
      expect(received?.fields).toMatchObject({ ClickId: report.clickId, OrderId: report.orderId });
      expect(queuedUri).toBe(`/Advertisers/IRtest/APISubmissions/${received?.submissionId}`);
    } finally {
      await sandbox.stop();
    }
  });
});
