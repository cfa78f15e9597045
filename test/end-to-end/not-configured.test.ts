import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ credentials: false });
});
afterAll(() => stack.stop());

it('skips a conversion with the reason, and without an error, where Impact is not configured', async () => {
  const { body: user } = await stack.api.me('user_1', 'click');
  const conversion = await stack.untilStatus(`signup:${user.userId}`, 'skipped');
  expect(conversion).toMatchObject({ reason: 'provider_not_configured' });
  expect(await stack.sandbox.requests(`signup-${user.userId}`)).toEqual([]);
});
