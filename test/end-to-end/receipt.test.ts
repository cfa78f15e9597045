import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMongod } from '../../dev/mongod.js';
import { type Stack, startStack } from '../support/stack.js';

let dbPath: string;
let mongod: Awaited<ReturnType<typeof startMongod>>;
let stack: Stack;

beforeAll(async () => {
  dbPath = await mkdtemp(join(tmpdir(), 'affiliate-mongod-'));
  mongod = await startMongod({ dbPath, say: () => undefined });
  stack = await startStack({ mongoUri: mongod.uri });
});
afterAll(async () => {
  await stack.stop();
  await mongod.stop();
  await rm(dbPath, { recursive: true, force: true });
});

describe("Impact's receipt", () => {
  it('is kept, and nothing sent again, when MongoDB dies between the request and the answer', async () => {
    await stack.sandbox.fault({ kind: 'delay', delayMs: 2_000 });
    const { body: user } = await stack.api.me('user_1', 'click');
    const orderId = `signup-${user.userId}`;
    await expect.poll(() => stack.sandbox.requests(orderId)).toHaveLength(1);
    mongod.child.kill();
    await mongod.child.exited;
    await expect.poll(() => stack.sandbox.conversions(orderId)).toHaveLength(1);

    mongod = await startMongod({ dbPath, port: mongod.port, say: () => undefined });
    const { submission } = await stack.untilStatus(`signup:${user.userId}`, 'submitted', 25_000);
    expect(submission).toMatchObject({
      state: 'queued',
      queuedUri: expect.stringContaining('/APISubmissions/'),
    });
    expect(await stack.sandbox.requests(orderId)).toHaveLength(1);
  });
});
