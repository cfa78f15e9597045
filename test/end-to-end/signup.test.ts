import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RELEASE } from '../../src/temporal/release-skipped.js';
import { type Stack, startStack } from '../support/stack.js';
import { userIdOf } from '../support/user-id.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ release: { ...RELEASE, intervalMs: 100 } });
});
afterAll(() => stack.stop());

describe('a signup through a partner link', () => {
  it('reaches the sandbox with every documented field', async () => {
    const { body: user } = await stack.api.me('user_partner', '3t6RuJ:x0-AbC_%3A+z');
    const conversion = await stack.untilStatus(`signup:${user.userId}`, 'submitted');
    const [received] = await stack.sandbox.conversions(`signup-${user.userId}`);
    expect(received?.fields).toEqual({
      CampaignId: '48046',
      ActionTrackerId: '68897',
      ClickId: '3t6RuJ:x0-AbC_%3A+z',
      OrderId: `signup-${user.userId}`,
      EventDate: conversion.occurredAt.toISOString(),
      CustomerId: user.userId,
      CustomerStatus: 'New',
    });
  });
});

describe('a user who was there before this service', () => {
  const DAY_MS = 86_400_000;
  const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

  it('is imported without a signup, and the next sale is credited to the click of before', async () => {
    const clerkId = 'user_of_before';
    const impact = { clickId: 'click-of-before', capturedAt: daysAgo(20) };
    const user = { clerkId, signedUpAt: daysAgo(20), attribution: { impact } };
    await stack.api.importUsers(`${JSON.stringify(user)}\n`);
    // The first page after the import.
    await stack.api.me(clerkId);
    const { body } = await stack.api.publish({
      campaignEventId: 'sale_subscription',
      clerkId,
      orderId: 'order-of-before',
      totalAmountCents: 4900,
      currency: 'USD',
    });
    await stack.untilStatus(body.conversionId, 'submitted');
    const [received] = await stack.sandbox.conversions('order-of-before');
    expect(received?.fields).toMatchObject({ ClickId: 'click-of-before', Amount: '49.00' });
    expect(await stack.db.conversions.countDocuments({ userId: String(userIdOf(clerkId)) })).toBe(1);
  });

  it('whose sale came before the import has it reported once the import is done', async () => {
    const clerkId = 'user_sold_before';
    const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 4900, currency: 'USD' };
    const { body } = await stack.api.publish({ ...sale, clerkId, orderId: 'order-before-import' });
    expect(body).toMatchObject({ status: 'skipped', reason: 'user_not_found' });
    const impact = { clickId: 'click-of-import', capturedAt: daysAgo(1) };
    await stack.api.importUsers(`${JSON.stringify({ clerkId, attribution: { impact } })}\n`);
    const reported = await stack.untilStatus(body.conversionId, 'submitted');
    expect(reported.attribution).toMatchObject({ clickId: 'click-of-import' });
  });
});
