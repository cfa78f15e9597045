import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Stack, startStack } from './support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

describe('/healthz', () => {
  it('answers while the process is alive', async () => {
    expect(await stack.api.call('/healthz')).toMatchObject({ status: 200, body: { live: true } });
  });
});

describe('/readyz', () => {
  it('answers that the API can work', async () => {
    expect(await stack.api.call('/readyz')).toMatchObject({ status: 200, body: { ready: true } });
  });

  it('answers that the API cannot work while the database is unavailable; the process stays alive', async () => {
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
  it('is internal: it has its own port', async () => {
    expect((await stack.api.call('/metrics')).status).toBe(404);
  });
});
