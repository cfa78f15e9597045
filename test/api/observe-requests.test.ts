import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signSessionToken } from '../../dev/sign-token.js';
import { sampleOf } from '../support/metrics-page.js';
import { type Stack, startStack } from '../support/stack.js';
import { sendRaw } from './support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

async function untilCounted(labels: Record<string, string>): Promise<void> {
  const count = async () =>
    sampleOf(await stack.metrics.registry.metrics(), 'affiliate_api_request_duration_seconds_count', labels);
  await expect.poll(count).toBe(1);
}

describe('a request', () => {
  it('is timed with its method and status', async () => {
    await stack.api.me('user_1');
    await untilCounted({ method: 'GET', route: '/v1/me', status: '200' });
  });

  it('is timed by the template of its route, never by its path', async () => {
    await stack.api.call('/v1/conversions/signup:665f1c');
    await untilCounted({ method: 'GET', route: '/v1/conversions/:conversionId', status: '401' });
    expect(await stack.metrics.registry.metrics()).not.toContain('665f1c');
  });

  it('without a route is timed without its path', async () => {
    await stack.api.call('/wp-admin.php');
    await untilCounted({ method: 'GET', route: 'none', status: '404' });
    expect(await stack.metrics.registry.metrics()).not.toContain('wp-admin');
  });

  it('with a token that names an unknown key is no 5xx, which would alarm an operator', async () => {
    const send = async (kid: string) => {
      const { issuer } = stack;
      const options = { issuerUrl: issuer.issuerUrl, clerkId: 'user_junk' };
      return stack.api.call('/v1/me', { token: await signSessionToken({ ...issuer.key, kid }, options) });
    };
    await send('unknown-1');
    expect((await send('unknown-2')).status).toBe(503);
    await untilCounted({ method: 'GET', route: '/v1/me', status: 'token_key_pending' });
  });

  it('with an unknown method adds no label', async () => {
    expect((await sendRaw(stack.apiUrl, ['BREW /pot HTTP/1.1'])).status).toBe(400);
    expect(await stack.metrics.registry.metrics()).not.toContain('BREW');
  });
});
