import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
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
