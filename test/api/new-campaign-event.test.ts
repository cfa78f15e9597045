import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineCampaignEvent } from '../../src/domain/campaign-events/define.js';
import { campaignEvents } from '../../src/domain/campaign-events/index.js';
import { createCampaignEvents } from '../../src/domain/campaign-events/registry.js';
import { type Stack, startStack } from '../support/stack.js';
import { expectProblem, namedFields } from './support.js';

/** A new campaign event needs only such a file and a row in the registry. */
const trialStart = defineCampaignEvent({
  id: 'trial_start',
  description: 'A user began a trial.',
  campaignId: 48046,
  actionTrackerId: 77777,
  referralWindowDays: 14,
  payload: z.strictObject({ plan: z.enum(['solo', 'team']) }),
  example: { plan: 'solo' },
  key: ({ userId }) => userId,
  orderId: ({ userId }) => `trial-${userId}`,
  details: ({ plan }) => ({ note: plan }),
});

let stack: Stack;

beforeAll(async () => {
  const registry = createCampaignEvents([...campaignEvents.all, trialStart]);
  stack = await startStack({ worker: false, campaignEvents: registry });
});
afterAll(() => stack.stop());

async function publish(payload: object) {
  const { body: user } = await stack.api.me(`user_${randomUUID()}`, 'abc');
  return stack.api.publish({ campaignEventId: 'trial_start', userId: user.userId, ...payload });
}

describe('a campaign event added to the registry', () => {
  it('can be published', async () => {
    const { status, body } = await publish({ plan: 'solo' });
    expect(status).toBe(202);
    expect(await stack.conversion(body.conversionId)).toMatchObject({
      campaignEventId: 'trial_start',
      payload: { plan: 'solo' },
    });
  });

  it('checks its payload', async () => {
    const answer = await publish({ plan: 'enterprise' });
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual(['plan']);
  });

  it('is in the OpenAPI document', async () => {
    const { body } = await stack.api.call('/openapi.json');
    expect(JSON.stringify(body.paths['/v1/conversions'].post.requestBody)).toContain('"trial_start"');
  });
});
