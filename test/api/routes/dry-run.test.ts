import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem, namedFields } from '../support.js';
import { newUser, sale } from './sale.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ signupGraceMs: 0 });
});
afterAll(() => stack.stop());

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

/** A user whose only click was captured this many days ago. */
async function userWithClick(days: number): Promise<string> {
  const clerkId = newUser();
  const { body } = await stack.api.me(clerkId, 'click:A+b%c');
  const capturedAt = daysAgo(days);
  await stack.db.users.updateOne({ clerkId }, { $set: { 'attributionHistory.0.capturedAt': capturedAt } });
  return body.userId;
}

/** The whole content of the database. */
async function ledger() {
  return JSON.stringify(
    await Promise.all([stack.db.users.find().lean(), stack.db.conversions.find().lean()]),
  );
}

describe('POST /v1/conversions/dry-run', () => {
  it('shows the same form that publishing sends afterwards', async () => {
    const event = sale({ userId: await userWithClick(3), occurredAt: daysAgo(1).toISOString() });
    const { status, body } = await stack.api.dryRun(event);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { conversionId: `sale_subscription:${event.orderId}`, wouldBe: 'reported', code: 'reported' },
    });
    await stack.api.publish(event);
    await stack.untilStatus(body.conversionId, 'submitted');
    const [sent] = await stack.sandbox.conversions(event.orderId);
    expect(sent?.fields).toEqual(body.request);
  });

  it('writes nothing and sends nothing', async () => {
    const event = sale({ userId: await userWithClick(3), occurredAt: daysAgo(1).toISOString() });
    await stack.untilStatus(`signup:${event.userId}`, 'submitted');
    const before = await ledger();
    expect((await stack.api.dryRun(event)).status).toBe(200);
    expect(await ledger()).toBe(before);
    expect(await stack.sandbox.requests(event.orderId)).toEqual([]);
  });

  it.each([
    ['no_attribution', 'skipped', undefined, 1],
    ['click_after_event', 'skipped', 1, 2],
    ['outside_referral_window', 'skipped', 40, 9],
    ['too_old', 'parked', 90, 89],
    ['reported', 'submitted', 31, 2],
  ] as const)('predicts %s, and publishing results in %s', async (code, becomes, clickDays, eventDays) => {
    const userId =
      clickDays === undefined ? (await stack.api.me(newUser())).body.userId : await userWithClick(clickDays);
    const event = sale({ userId, occurredAt: daysAgo(eventDays).toISOString() });
    const { body: predicted } = await stack.api.dryRun(event);
    expect(predicted.code).toBe(code);
    expect(predicted.wouldBe).toBe(code === 'reported' ? 'reported' : becomes);
    expect('request' in predicted).toBe(code === 'reported');
    await stack.api.publish(event);
    const { reason } = await stack.untilStatus(predicted.conversionId, becomes);
    expect(reason ?? 'reported').toBe(code);
  });

  it.each([
    ['no promo code', {}],
    ['a promo code', { promoCode: 'SAVE10' }],
  ])(
    'says that a sale with %s of an unknown user would be held, as publishing answers',
    async (_what, fields) => {
      const event = sale({ clerkId: newUser(), ...fields });
      const { status, body } = await stack.api.dryRun(event);
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { wouldBe: 'skipped', code: 'user_not_found', explanation: expect.stringContaining('is held') },
      });
      expect((await stack.api.publish(event)).body).toEqual({
        conversionId: body.conversionId,
        status: body.wouldBe,
        reason: body.code,
      });
    },
  );

  it('explains the arithmetic of the referral window', async () => {
    const event = sale({ userId: await userWithClick(40), occurredAt: daysAgo(9).toISOString() });
    const { body } = await stack.api.dryRun(event);
    expect(body.explanation).toMatch(/\d+ s after the 30-day window \(2592000 s\) closed\.$/);
  });

  it('states that the result depends on credentials, which the API does not know', async () => {
    const { body } = await stack.api.dryRun(sale({ userId: await userWithClick(1) }));
    expect(body.explanation).toContain('provider_not_configured');
  });

  it('reports a conversion that exists already, with its status', async () => {
    const event = sale({ userId: await userWithClick(3), occurredAt: daysAgo(1).toISOString() });
    const { body: published } = await stack.api.publish(event);
    await stack.untilStatus(published.conversionId, 'submitted');
    const { body } = await stack.api.dryRun(event);
    expect(body).toMatchObject({ wouldBe: 'unchanged', code: 'already_recorded', existing: 'submitted' });
    expect(body).not.toHaveProperty('request');
  });

  it('refuses what publishing refuses', async () => {
    const event = sale({ userId: await userWithClick(3) });
    await stack.api.publish(event);
    expectProblem(await stack.api.dryRun({ ...event, totalAmountCents: 1 }), 409, 'conversion_conflict');
    expectProblem(await stack.api.dryRun(sale({ userId: 'nonsense' })), 400, 'invalid_request');
    expectProblem(await stack.api.dryRun({ campaignEventId: 'nonsense' }), 400, 'unknown_campaign_event');
  });

  it.each(['?dryRun=true', '?dryRun', '?dryrun=true'])(
    'is not a query parameter: POST /v1/conversions%s publishes nothing',
    async (query) => {
      const event = sale({ userId: await userWithClick(3) });
      const answer = await stack.api.publish(event, query);
      expectProblem(answer, 400, 'invalid_request');
      expect(namedFields(answer)).toEqual([query.slice(1).split('=')[0]]);
      expect(await stack.conversion(`sale_subscription:${event.orderId}`)).toBeNull();
    },
  );

  it('checks the body as publishing does', async () => {
    const answer = await stack.api.dryRun(sale({ clerkId: 'user_1', totalAmountCents: -1 }));
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual(['totalAmountCents']);
  });

  it('is POST only: GET does not take "dry-run" for the id of a conversion', async () => {
    expectProblem(await stack.api.conversion('dry-run'), 405, 'method_not_allowed');
  });
});
