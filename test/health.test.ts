import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Stack, startStack } from './support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

describe('/healthz', () => {
  it('says that the process lives', async () => {
    expect(await stack.api.call('/healthz')).toMatchObject({ status: 200, body: { live: true } });
  });
});

describe('/readyz', () => {
  it('says that the API can do its work', async () => {
    expect(await stack.api.call('/readyz')).toMatchObject({ status: 200, body: { ready: true } });
  });

  it('says that it cannot, while the process lives, when the database is away', async () => {
    const broken = await startStack({ worker: false });
    onTestFinished(() => broken.stop());
    await broken.db.close();
    expect(await broken.api.call('/readyz')).toMatchObject({
      status: 503,
      body: { ready: false, reason: expect.any(String) },
    });
    expect((await broken.api.call('/healthz')).status).toBe(200);
  });
});

describe('/metrics', () => {
  it('is not for the public: it has a port of its own', async () => {
    expect((await stack.api.call('/metrics')).status).toBe(404);
  });
});
