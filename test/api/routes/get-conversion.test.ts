import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptFinding } from '../../support/kept-finding.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem } from '../support.js';
import { newUser, sale } from './sale.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

describe('GET /v1/conversions/{conversionId}', () => {
  it('answers the status and the timeline of a conversion', async () => {
    const clerkId = newUser();
    const { body: user } = await stack.api.me(clerkId, 'abc');
    const event = sale({ userId: user.userId, occurredAt: new Date().toISOString() });
    const { body: published } = await stack.api.publish(event);
    const stored = await stack.untilStarted(published.conversionId);
    const { status, body } = await stack.api.conversion(published.conversionId);
    expect(status).toBe(200);
    expect(body).toEqual({
      conversionId: published.conversionId,
      workflowId: `conversion/sale_subscription/${event.orderId}`,
      campaignEventId: 'sale_subscription',
      userId: user.userId,
      clerkId,
      occurredAt: event.occurredAt,
      payload: { orderId: event.orderId, totalAmountCents: 4900, currency: 'USD' },
      attribution: { provider: 'impact', clickId: 'abc', capturedAt: user.createdAt },
      why: { code: 'last_click', text: expect.stringContaining('is click abc (captured') },
      status: 'pending',
      window: {
        capturedAt: user.createdAt,
        occurredAt: event.occurredAt,
        windowDays: 30,
        closesAt: new Date(Date.parse(user.createdAt) + 30 * 86_400_000).toISOString(),
        isInside: true,
      },
      request: {
        CampaignId: '48046',
        ActionTrackerId: '99999',
        ClickId: 'abc',
        OrderId: event.orderId,
        EventDate: event.occurredAt,
        CustomerId: user.userId,
        Amount: '49.00',
        CurrencyCode: 'USD',
      },
      explanation: {
        code: 'pending',
        text: 'It is recorded, and its workflow is about to start.',
        next: expect.stringContaining('worker'),
        outcome: 'It has been recorded, and is about to be sent to Impact.',
        advice: 'Nothing: it continues by itself.',
      },
      findings: [],
      timeline: [{ at: stored.timeline[0]?.at.toISOString(), status: 'pending' }],
      createdAt: stored.createdAt.toISOString(),
      updatedAt: stored.updatedAt.toISOString(),
    });
  });

  it('explains why a conversion was skipped', async () => {
    const { body: user } = await stack.api.me(newUser());
    const { body } = await stack.api.conversion(`signup:${user.userId}`);
    expect(body).toMatchObject({
      status: 'skipped',
      reason: 'no_attribution',
      attribution: null,
      explanation: { code: 'no_attribution', text: expect.stringContaining('without a click id') },
      timeline: [{ status: 'skipped', reason: 'no_attribution' }],
    });
    expect(body).not.toHaveProperty('window');
    expect(body).not.toHaveProperty('request');
  });

  it('answers what audits have found about it, and is not closed', async () => {
    const { body: user } = await stack.api.me(newUser());
    const conversionId = `signup:${user.userId}`;
    await stack.db.findings.insertMany([
      keptFinding('twice', user.userId, { conversionId, state: 'acknowledged' }),
      keptFinding('amount_differs', user.userId, { conversionId, state: 'closed' }),
    ]);
    const { body } = await stack.api.conversion(conversionId);
    expect(body.findings).toEqual([
      expect.objectContaining({ findingId: `twice:99999:${user.userId}`, state: 'acknowledged' }),
    ]);
  });

  it('answers the submission to Impact, without the lock of a running attempt', async () => {
    const { body: user } = await stack.api.me(newUser());
    const id = `signup:${user.userId}`;
    const sentAt = new Date();
    const submission = { state: 'sending', orderId: `signup-${user.userId}`, attempts: 2, sentAt } as const;
    await stack.db.conversions.updateOne(
      { _id: id },
      { submission: { ...submission, inFlightUntil: sentAt } },
    );
    const { body } = await stack.api.conversion(id);
    expect(body.submission).toEqual({ ...submission, sentAt: sentAt.toISOString() });
  });

  it.each([
    ['a colon', (id: string) => `shop:${id}`],
    ['a slash', (id: string) => `${id}/2`],
    ['a question mark, a hash and a percent sign', (id: string) => `${id}?a#b%2F`],
    ['a space and letters outside ASCII', (id: string) => `Größe ${id}`],
    ['dots that look like a path', (id: string) => `../${id}/..`],
  ])('finds an id with %s, URL-encoded', async (_what, shape) => {
    const { body: user } = await stack.api.me(newUser(), 'abc');
    const orderId = shape(sale().orderId);
    await stack.api.publish(sale({ userId: user.userId, orderId }));
    const { status, body } = await stack.api.conversion(`sale_subscription:${orderId}`);
    expect({ status, orderId: body.payload?.orderId }).toEqual({ status: 200, orderId });
  });

  it.each([
    'signup:665f1c2e9b1d8a0012345678',
    'nonsense',
    'sale_subscription:',
    'a\u0000b',
    '[object Object]',
  ])('does not find %j', async (id) => {
    expectProblem(await stack.api.conversion(id), 404, 'conversion_not_found');
  });

  it('serves no deeper path, so that a slash must be encoded', async () => {
    const token = await stack.api.tokens.machine('conversions:read');
    expectProblem(await stack.api.call('/v1/conversions/a/b', { token }), 404, 'route_not_found');
  });

  it('refuses an id with an invalid escape as an error of the caller', async () => {
    const token = await stack.api.tokens.machine('conversions:read');
    expectProblem(await stack.api.call('/v1/conversions/%E0%A4%A', { token }), 400, 'invalid_request');
  });
});
