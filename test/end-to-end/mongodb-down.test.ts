import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMongod } from '../../dev/mongod.js';
import { newOrder, paidInvoice } from '../sources/stripe/events.js';
import { type Stack, startStack } from '../support/stack.js';
import { deliver } from '../support/stripe-source.js';

let dbPath: string;
let mongod: Awaited<ReturnType<typeof startMongod>>;
let stack: Stack;

beforeAll(async () => {
  dbPath = await mkdtemp(join(tmpdir(), 'affiliate-mongod-'));
  mongod = await startMongod({ dbPath, say: () => undefined });
  stack = await startStack({ mongoUri: mongod.uri, stripe: {} });
});
afterAll(async () => {
  await stack.stop();
  await mongod.stop();
  await rm(dbPath, { recursive: true, force: true });
});

async function killMongod(): Promise<void> {
  mongod.child.kill();
  await mongod.child.exited;
}

async function startMongodAgain(): Promise<void> {
  mongod = await startMongod({ dbPath, port: mongod.port, say: () => undefined });
}

describe("Impact's receipt", () => {
  it('is kept, and nothing sent again, when MongoDB dies between the request and the answer', async () => {
    await stack.sandbox.fault({ kind: 'delay', delayMs: 1_500 });
    const { body: user } = await stack.api.me('user_known', 'click');
    const orderId = `signup-${user.userId}`;
    await expect.poll(() => stack.sandbox.requests(orderId)).toHaveLength(1);
    await killMongod();
    await expect.poll(() => stack.sandbox.conversions(orderId)).toHaveLength(1);

    await startMongodAgain();
    const { submission } = await stack.untilStatus(`signup:${user.userId}`, 'submitted', 25_000);
    expect(submission).toMatchObject({
      state: 'queued',
      queuedUri: expect.stringContaining('/APISubmissions/'),
    });
    expect(await stack.sandbox.requests(orderId)).toHaveLength(1);
  });
});

describe('while MongoDB is down', () => {
  it('answers 503, is not ready, and recovers without a restart', async () => {
    await killMongod();
    const order = newOrder();
    const event = paidInvoice(order, { metadata: { userId: 'user_known' } });
    const [known, fresh, erased, ready, sold] = await Promise.all([
      stack.api.me('user_known'),
      stack.api.me('user_new', 'click'),
      stack.api.eraseUser('user_known'),
      stack.api.call('/readyz'),
      deliver(stack.apiUrl, event),
    ]);
    expect(known).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
    expect(fresh).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
    expect(erased).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
    expect(ready).toMatchObject({ status: 503, body: { ready: false } });
    expect(sold).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });

    await startMongodAgain();
    await expect.poll(async () => (await stack.api.call('/readyz')).status).toBe(200);
    expect((await stack.api.me('user_new', 'click')).status).toBe(200);
    expect((await stack.api.me('user_known')).status).toBe(200);
    // As Stripe does later.
    expect(await deliver(stack.apiUrl, event)).toMatchObject({ body: { result: 'recorded' } });
  });
});
