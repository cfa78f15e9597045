import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertPending } from '../../support/pending-conversion.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem, namedFields } from '../support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
  const all = [
    { _id: 'sale_subscription:1', status: 'confirmed' },
    { _id: 'sale_subscription:2', status: 'parked', reason: 'impact_refused' },
    { _id: 'sale_subscription:3', status: 'skipped', reason: 'no_attribution' },
  ] as const;
  for (const [second, one] of all.entries())
    await insertPending(stack.db, { ...one, createdAt: new Date(Date.UTC(2026, 10, 2, 0, 0, second)) });
});
afterAll(() => stack.stop());

const idsOf = (body: { conversions: { conversionId: string }[] }) =>
  body.conversions.map(({ conversionId }) => conversionId);

describe('GET /v1/conversions', () => {
  it('lists the newest first, and gives no cursor on the last page', async () => {
    const { status, body } = await stack.api.conversions();
    expect(status).toBe(200);
    expect(idsOf(body)).toEqual(['sale_subscription:3', 'sale_subscription:2', 'sale_subscription:1']);
    expect(body).not.toHaveProperty('nextCursor');
  });

  it('continues after the previous page', async () => {
    const { body: first } = await stack.api.conversions('?limit=2');
    const { body: second } = await stack.api.conversions(`?limit=2&cursor=${first.nextCursor}`);
    expect([...idsOf(first), ...idsOf(second)]).toEqual([
      'sale_subscription:3',
      'sale_subscription:2',
      'sale_subscription:1',
    ]);
  });

  it('lists parked conversions with their reasons', async () => {
    const { body } = await stack.api.conversions('?status=parked&event=sale_subscription');
    expect(body.conversions).toEqual([
      {
        conversionId: 'sale_subscription:2',
        campaignEventId: 'sale_subscription',
        userId: '65f000000000000000000001',
        status: 'parked',
        reason: 'impact_refused',
        occurredAt: expect.any(String),
        createdAt: '2026-11-02T00:00:01.000Z',
        updatedAt: expect.any(String),
      },
    ]);
  });

  it.each([
    ['status=stuck', 'status'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=', 'limit'],
    ['limit=0x10', 'limit'],
    ['limit=1e1', 'limit'],
    ['limit=%205', 'limit'],
    ['limit=%2B5', 'limit'],
    ['limit=5.0', 'limit'],
    ['limit=-5', 'limit'],
    ['limit=5&limit=5', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['reason=a&reason=b', 'reason'],
    ['reason[$ne]=a', 'reason[$ne]'],
    ['state=parked', 'state'],
  ])('refuses ?%s and names %s', async (query, field) => {
    const answer = await stack.api.conversions(`?${query}`);
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual([field]);
  });
});
