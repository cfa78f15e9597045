import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/domain/conversion.js';
import { DomainError } from '../../src/domain/errors.js';
import type { Move } from '../../src/operations/move-many.js';
import { type RetryFilter, retryMany } from '../../src/operations/retry-many.js';
import { insertPending } from '../support/pending-conversion.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ relay: { intervalMs: 100, minimumAgeMs: 0 } });
});
afterAll(() => stack.stop());

const NOT_CONFIGURED = { reason: 'provider_not_configured' } as const;

const retry = (filter: RetryFilter, restart?: boolean) => retryMany(stack, filter, { by: 'kim', restart });
const carryOut = async (move: Move) => move.carryOut(await move.preview());

function skipped(own: Partial<Conversion> = {}): Promise<Conversion> {
  return insertPending(stack.db, { status: 'skipped', ...NOT_CONFIGURED, ...own });
}

const postsOf = ({ payload }: Conversion) => stack.sandbox.requests(String(payload.orderId));

async function refusalOf(filter: RetryFilter, restart?: boolean): Promise<string> {
  try {
    retry(filter, restart);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'invalid_request') return error.message;
    throw error;
  }
  throw new Error('it should have been refused');
}

describe('a retry of all that were skipped for want of credentials', () => {
  it('shows how many they are, and moves none before it is carried out', async () => {
    const { _id } = await skipped({ _id: 'trial:1' });
    const preview = await retry({ ...NOT_CONFIGURED, event: 'trial' }).preview();
    expect(preview).toMatchObject({
      count: 1,
      byReason: [{ status: 'skipped', reason: 'provider_not_configured', count: 1 }],
      estimate: { seconds: expect.any(Number), requestsPerSecond: 1_000 },
    });
    expect(await stack.conversion(_id)).toMatchObject({ status: 'skipped' });
  });

  it('reports each once, and says who did it, also where two operators retry at once', async () => {
    const sales = await Promise.all(Array.from({ length: 8 }, () => skipped()));
    await Promise.all([carryOut(retry(NOT_CONFIGURED)), carryOut(retry(NOT_CONFIGURED))]);
    for (const sale of sales) {
      const { timeline } = await stack.untilStatus(sale._id, 'submitted');
      expect(timeline.filter(({ detail }) => detail === 'Retried by kim.')).toHaveLength(1);
      expect(await postsOf(sale)).toHaveLength(1);
    }
  });

  it('leaves those of another event, and those of another reason, alone', async () => {
    const [event, reason] = [await skipped(), await skipped({ reason: 'no_attribution' })];
    await carryOut(retry({ ...NOT_CONFIGURED, event: 'signup' }));
    await carryOut(retry({ reason: 'no_attribution' }));
    for (const { _id } of [event, reason])
      expect(await stack.conversion(_id)).toMatchObject({ status: 'skipped' });
  });

  it('is no part of a retry that names no reason, or only parked ones', async () => {
    await skipped();
    expect(await retry({}).preview()).toMatchObject({ count: 0 });
    expect(await retry({ ...NOT_CONFIGURED, status: 'parked' }).preview()).toMatchObject({ count: 0 });
  });
});

describe('a restart of many', () => {
  it('reports what was abandoned after all, once each', async () => {
    const sale = await insertPending(stack.db, { status: 'abandoned' });
    expect(await carryOut(retry({ status: 'abandoned' }, true))).toEqual({ restarted: 1 });
    const { timeline } = await stack.untilStatus(sale._id, 'submitted');
    expect(timeline[0]).toMatchObject({ status: 'pending', detail: 'Restarted by kim.' });
    expect(await postsOf(sale)).toHaveLength(1);
  });

  it.each([
    [{}, true, 'Name what to restart'],
    [{ status: 'parked' }, true, 'Name what to restart'],
    [{ status: 'confirmed' }, true, 'Name what to restart'],
    [{ status: 'skipped' }, true, 'Name the reason of skipped conversions'],
    [{ status: 'skipped', reason: 'user_not_found' }, true, 'once the user appears'],
    [{ status: 'skipped', reason: 'order_not_found' }, true, 'publish the order'],
    [{ status: 'abandoned' }, false, 'Without a restart, only parked conversions are retried'],
    [{ status: 'skipped', reason: 'no_attribution' }, false, 'Without a restart'],
  ] as const)('is refused with what is missing: %j, restart: %j', async (filter, restart, words) => {
    expect(await refusalOf(filter, restart)).toContain(words);
  });
});
