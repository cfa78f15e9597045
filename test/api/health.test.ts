import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Stack, startStack } from '../support/stack.js';

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
  it('speaks the text format of Prometheus', async () => {
    const { status, headers, body } = await stack.api.call('/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(body).toMatch(/^# TYPE affiliate_click_ids_ignored_total counter$/m);
    expect(body).toMatch(/^process_cpu_user_seconds_total [\d.]+$/m);
  });
});
