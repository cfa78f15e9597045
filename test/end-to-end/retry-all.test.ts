import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countParked } from '../../src/temporal/parked-query.js';
import { type OperatedStack, startOperatedStack } from '../support/operated-stack.js';
import { REFUSAL } from '../support/refusal.js';
import { startSlowBatch, stopBatch } from '../support/slow-batch.js';
import { untilListedAsParked } from '../support/until-listed-as-parked.js';

const REJECTED = { kind: 'status', status: 401 };
const MANY = 15;

let stack: OperatedStack;

beforeAll(async () => {
  stack = await startOperatedStack({ relay: { intervalMs: 200, minimumAgeMs: 500 } });
});
afterAll(() => stack.stop());

const idsOf = (orderIds: string[]) => orderIds.map((orderId) => `sale_subscription:${orderId}`);

/** Parks so many sales for one reason, and resolves once Temporal lists them. */
async function park(prefix: string, count: number, fault: Record<string, unknown>): Promise<string[]> {
  const { body: user } = await stack.api.me('user_parked', 'click');
  await stack.untilStatus(`signup:${user.userId}`, 'submitted');
  const orderIds = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  // Conversions that an earlier test retried may still be on their way.
  await Promise.all(orderIds.map((orderId) => stack.sandbox.fault({ ...fault, orderId })));
  const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 4_900, currency: 'USD' };
  await Promise.all(orderIds.map((orderId) => stack.api.publish({ ...sale, userId: user.userId, orderId })));
  await expect.poll(() => statuses(orderIds), { timeout: 60_000 }).toEqual(['parked']);
  await untilListedAsParked(stack.temporal, idsOf(orderIds));
  return orderIds;
}

const statuses = (orderIds: string[]) =>
  stack.db.conversions.distinct('status', { _id: { $in: idsOf(orderIds) } }).exec();

describe('abandon --all', () => {
  const command = ['abandon', '--all', '--park-reason', 'impact_refused', '--reason', 'test order'];

  it('shows how many and what that means, asks, and does nothing if the answer is no', async () => {
    const orderIds = await park('kept', 2, REFUSAL);
    const { exitCode, stderr } = await stack.command(command, 'n');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^2 parked as impact_refused\. They will never be reported, and their partners will not be paid .*Abandon them\? \[y\/N\]\nNothing was done\.$/,
    );
    expect(await statuses(orderIds)).toEqual(['parked']);
  });

  it('abandons all with a park reason, and leaves the others alone; a restart of all takes it back', {
    timeout: 90_000,
  }, async () => {
    const refused = await park('given-up', MANY, REFUSAL);
    const rejected = await park('still-parked', 1, REJECTED);
    const abandoned = await stack.command([...command, '--yes', '--json']);
    expect(abandoned).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(abandoned.stdout)).toMatchObject({ state: 'completed', failed: 0 });
    await expect.poll(() => statuses(refused), { timeout: 30_000 }).toEqual(['abandoned']);
    const { timeline } = await stack.untilStatus('sale_subscription:given-up-7', 'abandoned');
    expect(timeline.at(-1)?.detail).toBe('Abandoned by kim: test order.');
    expect(await statuses(rejected)).toEqual(['parked']);

    const restart = ['retry', '--all', '--restart', '--status', 'abandoned'];
    const { exitCode, stdout, stderr } = await stack.command(restart, 'y');
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toMatch(/^\d+ abandoned\. At 1000 a second that takes at least 1 s/);
    expect(stdout).toMatch(/^\d+ retried\. A worker starts \d+ of them within seconds\./);
    await expect.poll(() => statuses(refused), { timeout: 30_000 }).toEqual(['submitted']);
    for (const orderId of refused) expect(await stack.sandbox.conversions(orderId)).toHaveLength(1);
  });
});

describe('retry --all', () => {
  it('moves all that are parked for a reason, with one POST each, and leaves the others alone', {
    timeout: 90_000,
  }, async () => {
    const refused = await park('refused', MANY, REFUSAL);
    const rejected = await park('rejected', 3, REJECTED);

    const { exitCode, stdout, stderr } = await stack.command([
      'retry',
      '--all',
      '--reason',
      'impact_refused',
      '--yes',
      '--json',
      '--by',
      'kim',
    ]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(stdout)).toMatchObject({
      count: MANY,
      byReason: [{ status: 'parked', reason: 'impact_refused', count: MANY }],
      state: 'completed',
      signalled: MANY,
      failed: 0,
    });

    await expect.poll(() => statuses(refused), { timeout: 30_000 }).toEqual(['submitted']);
    for (const orderId of refused) {
      expect(await stack.sandbox.conversions(orderId)).toHaveLength(1);
      expect((await stack.sandbox.requests(orderId)).map(({ status }) => status)).toEqual([400, 200]);
    }
    expect(await statuses(rejected)).toEqual(['parked']);
    const { timeline } = await stack.untilStatus('sale_subscription:refused-7', 'submitted');
    expect(timeline).toContainEqual(expect.objectContaining({ detail: 'Retried by kim.' }));
  });

  it('shows how many and how long, asks, and does nothing if the answer is no', async () => {
    const orderIds = await park('asked', 2, REJECTED);
    const { exitCode, stderr } = await stack.command(['retry', '--all'], 'n');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^\d+ parked as credentials_rejected\. At 1000 a second that takes at least 1 s.*Retry\? \[y\/N\]\nNothing was done\.$/,
    );
    expect(await statuses(orderIds)).toEqual(['parked']);
  });

  it('does nothing where there is no terminal to ask at', async () => {
    const orderIds = await park('nobody', 1, REJECTED);
    const { exitCode, stderr } = await stack.command(['retry', '--all']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('say --yes');
    expect(await statuses(orderIds)).toEqual(['parked']);
  });

  it('of one event leaves those of the others alone', async () => {
    const orderIds = await park('sale', 1, REJECTED);
    const { exitCode, stdout } = await stack.command(['retry', '--all', '--event', 'signup'], 'y');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'No such conversions: nothing to retry.',
    });
    expect(await statuses(orderIds)).toEqual(['parked']);
  });

  it('continues if the answer is yes', async () => {
    const orderIds = await park('yes', 2, REJECTED);
    const { exitCode, stdout, stderr } = await stack.command(['retry', '--all'], 'y');
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/^\d+ retried\. Conversions that are refused again are parked again\.$/);
    await expect.poll(() => statuses(orderIds)).toEqual(['submitted']);
  });

  it('passes nothing but words into the query', async () => {
    const { exitCode, stderr } = await stack.command(['retry', '--all', '--yes', '--reason', '" OR "" = "']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toContain('letters, digits and underscores');
  });

  it('does not count a workflow that was terminated while it was parked', async () => {
    await park('terminated', 1, REFUSAL);
    const before = await countParked(stack.temporal, { reason: 'impact_refused' });
    await stack.temporal.workflow.getHandle('conversion/sale_subscription/terminated-0').terminate();
    const now = () => countParked(stack.temporal, { reason: 'impact_refused' });
    await expect.poll(now).toBe(before - 1);
  });

  it('with --restart needs the status that it is for', async () => {
    const { exitCode, stderr } = await stack.command(['retry', '--all', '--restart', '--yes']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'Name what to restart: the status abandoned, declined or skipped.',
    });
  });

  // Temporal has room again only once it has noticed that this batch has ended, so this test is the last one.
  it('refuses, with the reason, where Temporal runs another batch operation', {
    timeout: 60_000,
  }, async () => {
    const orderIds = await park('busy', 1, REJECTED);
    const jobId = await startSlowBatch(stack.temporal);
    const { exitCode, stderr } = await stack.command(['retry', '--all', '--yes']);
    await stopBatch(stack.temporal, jobId);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toContain('Temporal runs one batch operation at a time in a namespace');
    expect(await statuses(orderIds)).toEqual(['parked']);
  });
});
