import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OperatedStack, startOperatedStack } from '../support/operated-stack.js';

let stack: OperatedStack;

beforeAll(async () => {
  stack = await startOperatedStack({ credentials: false, relay: { intervalMs: 200, minimumAgeMs: 500 } });
});
afterAll(() => stack.stop());

const orderOf = (id: string) => id.replace(':', '-');

async function skippedSignup(clerkId: string): Promise<string> {
  const { body: user } = await stack.api.me(clerkId, 'click');
  const id = `signup:${user.userId}`;
  await stack.untilStatus(id, 'skipped');
  return id;
}

it('skips a conversion with the reason, and without an error, where Impact is not configured', async () => {
  const id = await skippedSignup('user_1');
  expect(await stack.conversion(id)).toMatchObject({ reason: 'provider_not_configured' });
  expect(await stack.sandbox.requests(orderOf(id))).toEqual([]);
});

it('reports what was skipped, once each, when a retry follows the credentials', {
  timeout: 60_000,
}, async () => {
  const [one, ...others] = [await skippedSignup('user_2'), await skippedSignup('user_3')];
  await stack.stopWorkers();
  await stack.startWorker({ credentials: true });

  expect(await stack.command(['retry', one])).toMatchObject({ exitCode: 0 });
  await stack.untilStatus(one, 'submitted');
  const all = await stack.command(['retry', '--all', '--reason', 'provider_not_configured'], 'y');
  expect(all).toMatchObject({ exitCode: 0 });
  expect(all.stderr).toMatch(/^2 skipped as provider_not_configured\. .*Retry\? \[y\/N\]$/);
  expect(all.stdout).toMatch(/^2 retried\. A worker starts 2 of them within seconds\./);
  for (const id of others) await stack.untilStatus(id, 'submitted');
  for (const id of [one, ...others]) {
    expect(await stack.sandbox.conversions(orderOf(id))).toHaveLength(1);
    expect((await stack.conversion(id))?.timeline.map(({ status }) => status)).not.toContain('parked');
  }
});
