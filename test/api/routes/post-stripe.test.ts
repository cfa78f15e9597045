import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/logger.js';
import { eventOf, newOrder, type Order, paidInvoice, refundedCharge } from '../../sources/stripe/events.js';
import { programmeWith } from '../../support/programme.js';
import { type Stack, startStack } from '../../support/stack.js';
import { deliver, ENDPOINT_SECRET, signatureOf } from '../../support/stripe-source.js';
import { expectProblem } from '../support.js';

const PATH = '/v1/sources/stripe';
const NEXT_SECRET = 'whsec_of_the_next_secret';

const programme = programmeWith({
  sale_subscription: { type: 'sale', actionTrackerId: 99999, maxAmountCents: { USD: 500_000 } },
});

let stack: Stack;
const lines: string[] = [];

beforeAll(async () => {
  stack = await startStack({
    worker: false,
    programme,
    stripe: { secrets: [NEXT_SECRET, ENDPOINT_SECRET] },
    rateLimits: { address: 50 },
    logger: createLogger('info', { destination: { write: (line) => void lines.push(line) } }),
  });
  await stack.api.me('user_buyer', 'abc');
});
afterAll(() => stack.stop());

const bought = (order: Order, fields: object = {}) =>
  paidInvoice(order, { metadata: { userId: 'user_buyer' }, ...fields });
const send = (event: object, signing?: object) => deliver(stack.apiUrl, event, signing);
const idOf = ({ invoice }: Order) => `sale_subscription:${invoice}`;
const seconds = () => Math.floor(Date.now() / 1_000);

async function sendText(body: string | Buffer, headers: Record<string, string>) {
  return stack.api.call(PATH, { method: 'POST', body: body as never, headers });
}

describe('a signed event', () => {
  it('is answered with what it became', async () => {
    const order = newOrder();
    const { status, body } = await send(bought(order));
    expect({ status, body }).toEqual({
      status: 200,
      body: { received: true, result: 'recorded', conversionId: idOf(order) },
    });
    expect(await stack.conversion(idOf(order))).toMatchObject({ attribution: { clickId: 'abc' } });
  });

  it('is taken with the secret before a rotation and with that after it', async () => {
    for (const secret of [ENDPOINT_SECRET, NEXT_SECRET])
      expect(await send(bought(newOrder()), { secret })).toMatchObject({ status: 200 });
  });

  it('of another type is acknowledged', async () => {
    expect(await send(eventOf('invoice.created', {}))).toMatchObject({
      status: 200,
      body: { received: true, result: 'ignored', reason: 'event_type' },
    });
  });

  it('of 900 kB is read', async () => {
    const order = newOrder();
    const event = bought(order, { description: 'x'.repeat(900_000) });
    expect(await send(event)).toMatchObject({ status: 200, body: { result: 'recorded' } });
  });

  it('of more than 1 MB is too large', async () => {
    const { status, body } = await send(bought(newOrder(), { description: 'x'.repeat(1_100_000) }));
    expect({ status, body }).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
    expect(body.detail).toBe('The body is larger than 1024 kB.');
  });

  it('in no known shape is refused, so that Stripe delivers it again', async () => {
    const { status, body } = await send(eventOf('invoice.paid', { id: 'in_1' }));
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'stripe_event_unreadable' } });
  });

  it('is never limited, in whatever burst it comes', async () => {
    const burst = Array.from({ length: 60 }, () => send(eventOf('invoice.created', {})));
    const statuses = (await Promise.all(burst)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe('a sale that the programme refuses', () => {
  const tooMuch = { total: 900_000, total_excluding_tax: 900_000 };

  it('is held with the reason, and acknowledged', async () => {
    const order = newOrder();
    const { status, body } = await send(bought(order, tooMuch));
    expect({ status, body }).toEqual({
      status: 200,
      body: { received: true, result: 'held', reason: 'sale_refused', conversionId: idOf(order) },
    });
    const kept = await stack.db.stripeObjects.findById(order.invoice).lean();
    expect(kept).toMatchObject({ held: 'sale_refused', detail: expect.stringMatching(/^amount_too_high: /) });
    expect(await stack.conversion(idOf(order))).toBeNull();
  });

  it('is held in a currency that ISO 4217 does not have', async () => {
    const order = newOrder();
    expect(await send(bought(order, { currency: 'usdc' }))).toMatchObject({
      body: { reason: 'sale_refused' },
    });
    const kept = await stack.db.stripeObjects.findById(order.invoice).lean();
    expect(kept?.detail).toContain('currency');
  });

  it('is held where the shop has published another sale of the same order id', async () => {
    const order = newOrder();
    const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 1, currency: 'USD' };
    await stack.api.publish({ ...sale, clerkId: 'user_buyer', orderId: order.invoice });
    expect(await send(bought(order))).toMatchObject({ status: 200, body: { reason: 'sale_refused' } });
    const kept = await stack.db.stripeObjects.findById(order.invoice).lean();
    expect(kept?.detail).toMatch(/^conversion_conflict: /);
  });

  it('is recorded once it is right, and its event comes again', async () => {
    const order = newOrder();
    await send(bought(order, tooMuch));
    expect(await send(bought(order))).toMatchObject({ body: { result: 'recorded' } });
    expect(await stack.db.stripeObjects.findById(order.invoice).lean()).not.toHaveProperty('held');
  });
});

describe('a body is refused', () => {
  const text = JSON.stringify(eventOf('invoice.created', {}));

  it.each<[string, string | undefined]>([
    ['without a signature', undefined],
    ['with an empty one', ''],
    ['with junk', 'junk'],
    ['signed with another secret', signatureOf(text, { secret: 'whsec_of_a_stranger' })],
    ['signed six minutes ago, as in a replay', signatureOf(text, { timestamp: seconds() - 360 })],
    ['with the signature of another body', signatureOf(`${text} `)],
    ['with the signature of an older scheme', signatureOf(text).replace('v1=', 'v0=')],
  ])('%s', async (_how, signature) => {
    const headers: Record<string, string> = signature === undefined ? {} : { 'Stripe-Signature': signature };
    expectProblem(await sendText(text, headers), 400, 'stripe_signature_invalid');
  });

  it('with the token of a machine in place of a signature', async () => {
    const token = await stack.api.tokens.machine('conversions:publish');
    const answer = await stack.api.call(PATH, { method: 'POST', body: text, token });
    expectProblem(answer, 400, 'stripe_signature_invalid');
  });

  it('that is signed and is no JSON', async () => {
    const answer = await sendText('{', { 'Stripe-Signature': signatureOf('{') });
    expectProblem(answer, 400, 'stripe_event_unreadable');
  });

  it('that inflates to 100 MB', async () => {
    const headers = { 'Stripe-Signature': signatureOf(text), 'Content-Encoding': 'gzip' };
    expectProblem(await sendText(gzipSync(Buffer.alloc(100_000_000)), headers), 413, 'body_too_large');
  });

  it('before it arrives, where it has no signature', async () => {
    const { port, hostname } = new URL(stack.apiUrl);
    const socket = connect(Number(port), hostname);
    socket.write(`POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n`);
    const [bytes] = await once(socket, 'data');
    socket.destroy();
    expect(String(bytes)).toContain('"code":"stripe_signature_invalid"');
  });
});

describe('the path', () => {
  it('has no other method', async () => {
    expectProblem(await stack.api.call(PATH), 405, 'method_not_allowed');
  });

  it('is in /openapi.json, with the signature in place of a token', async () => {
    const { paths, components } = (await stack.api.call('/openapi.json')).body;
    const { post } = paths[PATH];
    expect(post.security).toEqual([{ stripeSignature: [] }]);
    expect(components.securitySchemes.stripeSignature).toMatchObject({
      in: 'header',
      name: 'Stripe-Signature',
    });
    expect(Object.keys(post.responses)).not.toContain('401');
  });
});

it('is logged without its body and its signature', async () => {
  const order = newOrder();
  await send(refundedCharge(order, 1_312, { receipt_email: 'jane@example.com' }));
  const text = lines.join('');
  expect(text).toContain('"code":"stripe_held"');
  expect(text).not.toMatch(/jane@example\.com|v1=|whsec_/);
});
