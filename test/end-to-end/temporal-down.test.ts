import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../dev/ports.js';
import { startTemporal } from '../../dev/temporal.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;
let port: number;

beforeAll(async () => {
  port = await freePort();
  const temporal = { address: `127.0.0.1:${port}`, namespace: 'default' };
  stack = await startStack({ temporal, worker: false, relay: { intervalMs: 50, minimumAgeMs: 0 } });
});
afterAll(() => stack.stop());

describe('while Temporal is down', () => {
  it('signs users up as usual, and reports their conversions when Temporal is back', async () => {
    const { status, body: user } = await stack.api.me('user_1', 'click');
    expect(status).toBe(200);
    expect(await stack.conversion(`signup:${user.userId}`)).toMatchObject({ status: 'pending' });

    const temporal = await startTemporal({ port, say: () => undefined });
    await stack.startWorker();
    await stack.untilStatus(`signup:${user.userId}`, 'submitted');
    expect(await stack.sandbox.conversions(`signup-${user.userId}`)).toHaveLength(1);
    await stack.stopWorkers();
    await temporal.stop();
  });
});
