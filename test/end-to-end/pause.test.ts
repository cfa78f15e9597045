import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConversionStatus, workflowId } from '../../src/domain/conversion.js';
import { SIGNALS, TASK_QUEUES } from '../../src/domain/workflow-names.js';
import { readQueueRate } from '../../src/temporal/queue-rate.js';
import { type OperatedStack, startOperatedStack } from '../support/operated-stack.js';
import { pendingActivity } from '../support/pending-activity.js';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';

const UNAVAILABLE = { kind: 'status', status: 503, times: 1_000 };

let stack: OperatedStack;

beforeAll(async () => {
  stack = await startOperatedStack();
});
afterAll(() => stack.stop());

const requests = async (orderId: string) => (await stack.sandbox.requests(orderId)).length;

const handleOf = (id: string) => stack.temporal.workflow.getHandle(workflowId(id));

/** Resolves once the backoff is over and the next attempt is in the queue. @returns the attempt's number */
async function untilInQueue(id: string): Promise<number | null | undefined> {
  const pending = () => pendingActivity(handleOf(id));
  await expect.poll(pending, { timeout: 20_000 }).toMatchObject({ waitsInQueue: true });
  return (await pending())?.attempt;
}

function limitTo(rateLimit?: { requestsPerSecond: number }) {
  const { workflowService, options } = stack.temporal;
  return workflowService.updateTaskQueueConfig({
    namespace: options.namespace,
    taskQueue: TASK_QUEUES.impact,
    taskQueueType: 2,
    updateQueueRateLimit: { reason: 'slowly', ...(rateLimit ? { rateLimit } : {}) },
  });
}

describe('pause', () => {
  it('keeps new conversions, retries and those in backoff from Impact, without using up an attempt', {
    timeout: 90_000,
  }, async () => {
    const parked = await sell(stack, 'parked', { fault: REFUSAL });
    await stack.untilStatus(parked.id, 'parked');
    const failing = await sell(stack, 'failing', { fault: UNAVAILABLE });
    await expect.poll(() => requests('failing')).toBeGreaterThan(1);

    const { exitCode, stdout, stderr } = await stack.command(['pause', '--reason', 'Impact is down']);
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/impact: PAUSED, set by kim at \S+ \(Impact is down\)/);
    expect(stdout).toMatch(/impact-reads: PAUSED/);

    const fresh = await sell(stack, 'fresh');
    await parked.handle.signal(SIGNALS.retry);
    await stack.untilStatus(parked.id, 'reporting');
    expect(await untilInQueue(fresh.id)).toBe(1);
    expect(await untilInQueue(parked.id)).toBe(1);
    const attempt = Number(await untilInQueue(failing.id));
    const before = await requests('failing');

    // The pause outranks the limit that new workers ask for.
    await stack.stopWorkers();
    await stack.startWorker();
    const { body: user } = await stack.api.me('user_without_click');
    await stack.untilStatus(`signup:${user.userId}`, 'skipped');
    const waiting = async () => (await readQueueRate(stack.temporal, TASK_QUEUES.impact)).workers;
    await expect.poll(waiting).toBeGreaterThan(0);

    expect(await requests('fresh')).toBe(0);
    expect(await requests('parked')).toBe(1);
    expect(await requests('failing')).toBe(before);
    expect((await pendingActivity(handleOf(failing.id)))?.attempt).toBe(attempt);
    expect(attempt).toBe(before + 1);
  });

  it('is what status and retry --all say', async () => {
    const { stdout } = await stack.command(['status']);
    expect(stdout).toMatch(/^impact: PAUSED, set by kim .*; about \d+ waiting/m);
    expect(stdout).toContain('Nothing is parked.');
    expect(stdout).toMatch(/^To send to Impact again: .* resume/m);
    const { stdout: json } = await stack.command(['status', '--json']);
    expect(JSON.parse(json)).toMatchObject({
      parked: 0,
      queues: [
        { taskQueue: 'conversions', paused: false },
        { taskQueue: 'impact', paused: true, change: { by: 'kim', reason: 'Impact is down' } },
        { taskQueue: 'impact-reads', paused: true },
      ],
    });
  });

  it('again changes nothing, and keeps who did it first', async () => {
    const { stdout } = await stack.command(['pause', '--by', 'alex']);
    expect(stdout).toMatch(/impact: PAUSED, set by kim/);
  });
});

describe('resume', () => {
  it("lets all that waited through, once, at the workers' own limit", { timeout: 90_000 }, async () => {
    await stack.sandbox.clearFaults();
    const { exitCode, stdout, stderr } = await stack.command(['resume']);
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    expect(stdout).toMatch(/^impact: at most 1000 a second, as the workers ask/);
    for (const orderId of ['fresh', 'parked', 'failing']) {
      await stack.untilStatus(`sale_subscription:${orderId}`, 'submitted', 30_000);
      expect(await stack.sandbox.conversions(orderId)).toHaveLength(1);
    }
    expect(await requests('fresh')).toBe(1);
    expect(await requests('parked')).toBe(2);
  });

  it('leaves a limit alone that is no pause', async () => {
    await limitTo({ requestsPerSecond: 5 });
    const { stdout } = await stack.command(['resume']);
    expect(stdout).toMatch(/^It was not paused\.\nimpact: at most 5 a second/);
    await limitTo();
  });
});

describe('a sale that comes after a burst of signups', () => {
  it('is reported before most of them', { timeout: 90_000 }, async () => {
    await stack.command(['pause']);
    const signups: string[] = [];
    for (let index = 0; index < 30; index += 1) {
      const { body: user } = await stack.api.me(`user_burst_${index}`, 'click');
      signups.push(`signup:${user.userId}`);
    }
    await untilAll(signups, 'reporting');
    for (const id of signups) await untilInQueue(id);
    const sale = await sell(stack, 'urgent');
    await untilInQueue(sale.id);
    await limitTo({ requestsPerSecond: 10 });
    const all = [...signups, sale.id];
    await untilAll(all, 'submitted');
    const saleAt = await submittedAt(sale.id);
    const signupsAt = await Promise.all(signups.map(submittedAt));
    expect(signupsAt.filter((at) => at < saleAt).length).toBeLessThan(10);
    await limitTo();
  });

  function untilAll(ids: string[], status: ConversionStatus): Promise<void> {
    const reached = () => stack.db.conversions.countDocuments({ _id: { $in: ids }, status });
    return expect.poll(reached, { timeout: 60_000 }).toBe(ids.length);
  }

  async function submittedAt(id: string): Promise<Date> {
    const { timeline = [] } = (await stack.conversion(id)) ?? {};
    return timeline.find(({ status }) => status === 'submitted')?.at ?? new Date(Number.NaN);
  }
});
