import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertPending } from '../../support/pending-conversion.js';
import { REFUSAL } from '../../support/refusal.js';
import { sell } from '../../support/sell.js';
import { untilNoBatchRuns } from '../../support/slow-batch.js';
import { type Stack, startStack } from '../../support/stack.js';
import { untilListedAsParked } from '../../support/until-listed-as-parked.js';
import { expectProblem, namedFields } from '../support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ relay: { intervalMs: 100, minimumAgeMs: 0 } });
});
afterAll(() => stack.stop());

const REFUSED = { reason: 'impact_refused' };
const WHY = { reason: 'test order' };

/** @returns the ids of sales that are parked, and that a batch operation would find */
async function parked(...orderIds: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const orderId of orderIds) {
    const { id } = await sell(stack, orderId, { fault: REFUSAL });
    await stack.untilStatus(id, 'parked');
    ids.push(id);
  }
  await untilListedAsParked(stack.temporal, ids);
  await untilNoBatchRuns(stack.temporal);
  return ids;
}

async function statusesOf(ids: string[]) {
  return Promise.all(ids.map(async (id) => (await stack.conversion(id))?.status));
}

describe('POST /v1/conversions/retry', () => {
  it('answers with the preview alone unless its count is confirmed, and with the new one where it has changed', {
    timeout: 60_000,
  }, async () => {
    const ids = await parked('many-1', 'many-2');
    const byReason = [{ status: 'parked', reason: 'impact_refused', count: 2 }];
    const preview = { count: 2, byReason, estimate: { requestsPerSecond: 1_000 } };
    const looked = await stack.api.retryMany({ filter: REFUSED });
    expect(looked).toMatchObject({ status: 200, body: { ...preview, done: false } });
    const changed = await stack.api.retryMany({ filter: REFUSED, confirm: 1 });
    expectProblem(changed, 409, 'preview_changed');
    expect(changed.body).toMatchObject({ ...preview, detail: expect.stringContaining('2 now, not 1') });
    expect(await statusesOf(ids)).toEqual(['parked', 'parked']);

    const done = await stack.api.retryMany({ filter: REFUSED, confirm: 2 });
    expect(done).toMatchObject({ status: 202, body: { ...preview, done: true, jobId: expect.any(String) } });
    for (const id of ids) {
      const { timeline } = await stack.untilStatus(id, 'submitted');
      expect(timeline.map(({ detail }) => detail)).toContain('Retried by mch_local.');
    }
  });

  it('also retries what was skipped for want of credentials', async () => {
    const reason = 'provider_not_configured';
    const { _id } = await insertPending(stack.db, { status: 'skipped', reason });
    const { status, body } = await stack.api.retryMany({ filter: { reason }, confirm: 1 });
    expect({ status, body }).toMatchObject({ status: 202, body: { done: true, restarted: 1 } });
    expect(body).not.toHaveProperty('jobId');
    await stack.untilStatus(_id, 'submitted');
  });

  it('with `restart` reports after all what was decided against', async () => {
    const { _id } = await insertPending(stack.db, { status: 'declined', reason: 'unclaimed' });
    const request = { filter: { status: 'declined', reason: 'unclaimed' }, restart: true };
    expect(await stack.api.retryMany(request)).toMatchObject({ status: 200, body: { count: 1 } });
    expect(await stack.api.retryMany({ ...request, confirm: 1 })).toMatchObject({ status: 202 });
    await stack.untilStatus(_id, 'submitted');
  });

  it('moves nothing where there is nothing', async () => {
    const nothing = await stack.api.retryMany({ filter: { event: 'signup' }, confirm: 0 });
    expect(nothing).toMatchObject({ status: 202, body: { count: 0, byReason: [], done: true } });
    expect(nothing.body).not.toHaveProperty('jobId');
  });

  it.each([
    [{}, 'filter'],
    [{ filter: { user: 'x' } }, 'filter.user'],
    [{ filter: { status: 'stuck' } }, 'filter.status'],
    [{ filter: {}, restart: true }, 'filter.status'],
    [{ filter: { status: 'skipped' }, restart: true }, 'filter.reason'],
    [{ filter: { reason: '" OR "" = "' } }, 'filter.reason'],
    [{ filter: {}, confirm: '2' }, 'confirm'],
    [{ filter: {}, confirm: -1 }, 'confirm'],
  ])('refuses the body %j', async (body, field) => {
    const answer = await stack.api.retryMany(body);
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual([field]);
  });
});

describe('POST /v1/conversions/abandon', () => {
  it('abandons what is parked, with who and why, once the count is confirmed', {
    timeout: 60_000,
  }, async () => {
    const [id = ''] = await parked('many-3');
    const request = { filter: REFUSED, ...WHY };
    const looked = await stack.api.abandonMany(request);
    expect(looked).toMatchObject({ status: 200, body: { count: 1, done: false } });
    expect(looked.body).not.toHaveProperty('estimate');
    expectProblem(await stack.api.abandonMany({ ...request, confirm: 0 }), 409, 'preview_changed');
    expect(await stack.api.abandonMany({ ...request, confirm: 1 })).toMatchObject({
      status: 202,
      body: { done: true, jobId: expect.any(String) },
    });
    const { timeline } = await stack.untilStatus(id, 'abandoned');
    expect(timeline.at(-1)?.detail).toBe('Abandoned by mch_local: test order.');
  });

  it.each([
    [{ filter: {} }, 'reason'],
    [{ filter: {}, reason: ' ' }, 'reason'],
    [{ ...WHY }, 'filter'],
    [{ filter: { status: 'parked' }, ...WHY }, 'filter.status'],
  ])('refuses the body %j', async (body, field) => {
    const answer = await stack.api.abandonMany(body);
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual([field]);
  });
});
