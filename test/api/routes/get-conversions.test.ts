import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { impactClick } from '../../../src/domain/attribution.js';
import { outcomeOf } from '../../../src/domain/outcome.js';
import { insertPending } from '../../support/pending-conversion.js';
import { type Stack, startStack } from '../../support/stack.js';
import { userIdOf } from '../../support/user-id.js';
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
  await insertPending(stack.db, {
    _id: 'sale_subscription:9',
    status: 'confirmed',
    userId: userIdOf('user_9').toHexString(),
    attribution: impactClick('c:1', new Date('2026-10-08')),
    occurredAt: new Date('2026-10-09T08:00:00Z'),
    createdAt: new Date('2026-10-09T08:00:00Z'),
  });
});
afterAll(() => stack.stop());

const idsOf = (body: { conversions: { conversionId: string }[] }) =>
  body.conversions.map(({ conversionId }) => conversionId);

const ALL = [3, 2, 1, 9].map((order) => `sale_subscription:${order}`);

describe('GET /v1/conversions', () => {
  it('lists the newest first, and gives no cursor on the last page', async () => {
    const { status, body } = await stack.api.conversions();
    expect(status).toBe(200);
    expect(idsOf(body)).toEqual(ALL);
    expect(body).not.toHaveProperty('nextCursor');
  });

  it('continues after the previous page', async () => {
    const { body: first } = await stack.api.conversions('?limit=2');
    const { body: second } = await stack.api.conversions(`?limit=2&cursor=${first.nextCursor}`);
    expect([...idsOf(first), ...idsOf(second)]).toEqual(ALL);
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
        clickId: 'click',
        outcome: outcomeOf({ status: 'parked', reason: 'impact_refused' }, new Date()).outcome,
        occurredAt: expect.any(String),
        createdAt: '2026-11-02T00:00:01.000Z',
        updatedAt: expect.any(String),
      },
    ]);
  });

  it.each([
    ['the click', `clickId=c:1`],
    ['the order', 'orderId=9'],
    ['the user at the token issuer', 'clerkId=user_9'],
    ['the day', 'occurredFrom=2026-10-09&occurredTo=2026-10-09'],
    ['the time', 'occurredFrom=2026-10-09T09%3A00%3A00%2B01%3A00&occurredTo=2026-10-09T08:00:01Z'],
    ['several of them', 'clickId=c:1&orderId=9&clerkId=user_9&status=confirmed&event=sale_subscription'],
  ])('lists by %s', async (_what, query) => {
    const { status, body } = await stack.api.conversions(`?${query}`);
    expect(status).toBe(200);
    expect(idsOf(body)).toEqual(['sale_subscription:9']);
  });

  it('lists none where the filters contradict each other', async () => {
    const { body } = await stack.api.conversions('?orderId=9&clerkId=user_8');
    expect(body).toEqual({ conversions: [] });
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
    ['clickId=', 'clickId'],
    ['clickId=a%20b', 'clickId'],
    ['orderId=', 'orderId'],
    ['clerkId=', 'clerkId'],
    ['occurredFrom=yesterday', 'occurredFrom'],
    ['occurredFrom=2026-02-30', 'occurredFrom'],
    ['occurredTo=2026-11-17T08:00:00', 'occurredTo'],
    ['occurredFrom=2026-11-17&occurredTo=2026-11-16', 'occurredTo'],
    ['occurredFrom=2026-11-17T08:00:00Z&occurredTo=2026-11-17T08:00:00Z', 'occurredTo'],
  ])('refuses ?%s and names %s', async (query, field) => {
    const answer = await stack.api.conversions(`?${query}`);
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual([field]);
  });
});
