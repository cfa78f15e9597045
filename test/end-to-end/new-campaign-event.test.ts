import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { campaignEvents } from '../../src/domain/campaign-events/index.js';
import { createCampaignEvents } from '../../src/domain/campaign-events/registry.js';
import { trialStarted } from '../support/campaign-events/trial-started.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ campaignEvents: createCampaignEvents([...campaignEvents.all, trialStarted]) });
});
afterAll(() => stack.stop());

describe('a campaign event added in one file and one row', () => {
  it('is reported end to end, with its own tracker, order id and fields', async () => {
    const { body: user } = await stack.api.me('user_1', 'click');
    const { body } = await stack.api.publish({
      campaignEventId: 'trial_started',
      userId: user.userId,
      plan: 'team',
    });
    await stack.untilStatus(body.conversionId, 'submitted');
    const orderId = `trial-${user.userId}-team`;
    const [received] = await stack.sandbox.conversions(orderId);
    expect(received?.fields).toMatchObject({ ActionTrackerId: '77777', OrderId: orderId, Note: 'plan team' });
  });

  it('has its payload checked at the API', async () => {
    const { body: user } = await stack.api.me('user_2', 'click');
    const answer = await stack.api.publish({
      campaignEventId: 'trial_started',
      userId: user.userId,
      plan: 'gold',
    });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'plan' }] } });
  });

  it('is in the OpenAPI document', async () => {
    const { body } = await stack.api.call('/openapi.json');
    expect(JSON.stringify(body.paths['/v1/conversions'])).toContain('trial_started');
  });
});
