import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMongod } from '../../dev/mongod.js';
import { newOrder, paidInvoice } from '../sources/stripe/events.js';
import { openImport } from '../support/import-request.js';
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

describe('an import of users', () => {
  it('ends with a code as its last line when MongoDB dies between two batches, and is begun again', async () => {
    const users = Array.from({ length: 1_500 }, (_, index) => ({ clerkId: `user_of_import_${index}` }));
    const { request, send, results } = await openImport(stack);
    send(...users.slice(0, 1_000));
    const answers = results();
    expect((await answers.next()).value).toMatchObject({ line: 1, result: 'created' });
    await killMongod();
    send(...users.slice(1_000));
    request.end();
    let last: unknown;
    for await (const line of answers) last = line;
    const counts = { created: 1_000, unchanged: 0, refused: 0 };
    expect(last).toEqual({
      done: false,
      ...counts,
      code: 'database_unavailable',
      detail: expect.any(String),
    });

    await startMongodAgain();
    await expect.poll(async () => (await stack.api.call('/readyz')).status).toBe(200);
    const again = await stack.api.importUsers(users.map((user) => `${JSON.stringify(user)}\n`).join(''));
    expect(again.body.at(-1)).toEqual({ done: true, created: 500, unchanged: 1_000, refused: 0 });
  }, 30_000);
});

describe('while MongoDB is down', () => {
  it('answers 503, is not ready, and recovers without a restart', async () => {
    await killMongod();
    const order = newOrder();
    const event = paidInvoice(order, { metadata: { userId: 'user_known' } });
    const [known, fresh, put, imported, erased, ready, sold] = await Promise.all([
      stack.api.me('user_known'),
      stack.api.me('user_new', 'click'),
      stack.api.putUser('user_put', { clickId: 'click' }),
      stack.api.importUsers('{"clerkId":"user_imported"}\n'),
      stack.api.eraseUser('user_known'),
      stack.api.call('/readyz'),
      deliver(stack.apiUrl, event),
    ]);
    for (const answer of [known, fresh, put, imported, erased])
      expect(answer).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
    expect(ready).toMatchObject({ status: 503, body: { ready: false } });
    expect(sold).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });

    await startMongodAgain();
    await expect.poll(async () => (await stack.api.call('/readyz')).status).toBe(200);
    expect((await stack.api.me('user_new', 'click')).status).toBe(200);
    expect((await stack.api.me('user_known')).status).toBe(200);
    expect((await stack.api.putUser('user_put', { clickId: 'click' })).body.created).toBe(true);
    // As Stripe does later.
    expect(await deliver(stack.apiUrl, event)).toMatchObject({ body: { result: 'recorded' } });
  });
});
