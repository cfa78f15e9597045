import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem, namedFields } from '../support.js';
import { newUser, sale } from './sale.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

async function get(path: string, init: RequestInit = {}) {
  return stack.api.call(path, { ...init, token: await stack.api.tokens.machine('conversions:read') });
}

const READING = [
  '/v1/conversions.csv',
  '/v1/conversions/counts',
  '/v1/conversions/find?text=a',
  '/v1/users/a',
];

describe.each(READING)('GET %s', (path) => {
  it('is for machines that may read', async () => {
    const other = await stack.api.tokens.machine('conversions:publish');
    expectProblem(await stack.api.call(path, { token: other }), 403, 'insufficient_scope');
    const session = await stack.api.tokens.session(newUser());
    expectProblem(await stack.api.call(path, { token: session }), 403, 'machine_token_required');
  });

  it('has a HEAD with the same status, and no body', async () => {
    const { status } = await get(path);
    expect(await get(path, { method: 'HEAD' })).toMatchObject({ status, body: undefined });
  });

  it('has no POST', async () => {
    expectProblem(await get(path, { method: 'POST' }), 405, 'method_not_allowed');
  });
});

describe('GET /v1/conversions/find', () => {
  it('finds a sale by its order, and names the user', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId, 'abc');
    const event = sale({ clerkId });
    const { body: published } = await stack.api.publish(event);
    const { status, body } = await get(`/v1/conversions/find?text=${event.orderId}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ foundBy: 'orderId', clerkId, hasMore: false });
    expect(body.conversions).toMatchObject([{ conversionId: published.conversionId, clickId: 'abc' }]);
  });

  it('finds what is held for a user who has not come yet', async () => {
    const clerkId = newUser();
    const { body: published } = await stack.api.publish(sale({ clerkId }));
    const { body } = await get(`/v1/conversions/find?text=${clerkId}`);
    expect(body).toMatchObject({ foundBy: 'clerkId', conversions: [{ reason: 'user_not_found' }] });
    expect(body.conversions[0].conversionId).toBe(published.conversionId);
  });

  it('says so where this service knows nothing of it', async () => {
    const { body } = await get('/v1/conversions/find?text=nothing');
    expect(body).toEqual({ foundBy: null, conversions: [], hasMore: false });
  });

  it.each([
    ['', 'text'],
    ['?text=', 'text'],
    ['?text=%20', 'text'],
    [`?text=${'x'.repeat(301)}`, 'text'],
    ['?text=a&text=b', 'text'],
    ['?text=a&limit=5', 'limit'],
  ])('refuses %s and names %s', async (query, field) => {
    const answer = await get(`/v1/conversions/find${query}`);
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual([field]);
  });
});

describe('GET /v1/users/{clerkId}', () => {
  it('shows the clicks, and why each conversion has its click', async () => {
    const clerkId = newUser();
    const { body: user } = await stack.api.me(clerkId, 'abc');
    const { status, body } = await get(`/v1/users/${encodeURIComponent(clerkId)}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      clerkId,
      userId: user.userId,
      createdAt: user.createdAt,
      clicks: [{ clickId: 'abc', capturedAt: user.createdAt }],
      hasForgottenClicks: false,
      conversions: [{ conversionId: `signup:${user.userId}`, clickId: 'abc', why: { code: 'last_click' } }],
      hasMore: false,
    });
    expect(body.clicks[0]).not.toHaveProperty('provider');
  });

  it('does not know a user who has not come, and takes no user id', async () => {
    const { body: user } = await stack.api.me(newUser());
    for (const id of [newUser(), user.userId])
      expectProblem(await get(`/v1/users/${id}`), 404, 'user_not_found');
  });
});

describe('GET /v1/conversions/counts', () => {
  it('counts by status and reason, with a number for each of the last days', async () => {
    const { status, body } = await get('/v1/conversions/counts?days=2');
    expect(status).toBe(200);
    const today = new Date().toISOString().slice(0, 10);
    expect(body.days).toHaveLength(2);
    expect(body.days[1]).toBe(today);
    const organic = body.groups.find((group: { reason?: string }) => group.reason === 'no_attribution');
    expect(organic).toMatchObject({
      status: 'skipped',
      count: expect.any(Number),
      perDay: [0, organic.count],
    });
  });

  it('is of the last 30 days where the caller does not say', async () => {
    expect((await get('/v1/conversions/counts')).body.days).toHaveLength(30);
  });

  it.each(['days=0', 'days=91', 'days=1.5', 'days=ten'])('refuses ?%s', async (query) => {
    const answer = await get(`/v1/conversions/counts?${query}`);
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual(['days']);
  });
});

describe('GET /v1/conversions.csv', () => {
  it('is a file with the conversions of the filters', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId, 'abc');
    const event = sale({ clerkId });
    await stack.api.publish(event);
    const { status, headers, body } = await get(`/v1/conversions.csv?orderId=${event.orderId}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="conversions.csv"');
    const [titles, line, end] = body.split('\r\n');
    expect(titles).toMatch(/^conversion_id,event,status,/);
    expect(line).toContain(`,${event.orderId},abc,49.00,USD,`);
    expect(end).toBe('');
  });

  it.each([
    ['occurredFrom=soon', 'occurredFrom'],
    ['occurredFrom=2026-11-17&occurredTo=2026-11-16', 'occurredTo'],
    ['limit=5', 'limit'],
  ])('refuses ?%s with a problem, and names %s', async (query, field) => {
    const answer = await get(`/v1/conversions.csv?${query}`);
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual([field]);
  });
});
