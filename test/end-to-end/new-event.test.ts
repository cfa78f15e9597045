import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TYPES } from '../../src/domain/programme/types/index.js';
import { install } from '../support/install-type.js';
import { programmeWith } from '../support/programme.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  const programme = programmeWith(
    {
      trial_start: { type: 'lead', actionTrackerId: 77777, referralWindowDays: 14 },
      app_install: { type: 'install', actionTrackerId: 88888 },
    },
    { types: { ...TYPES, install } },
  );
  stack = await startStack({ programme });
});
afterAll(() => stack.stop());

async function publish(clerkId: string, event: object) {
  const { body: user } = await stack.api.me(clerkId, 'click');
  return { userId: user.userId, answer: await stack.api.publish({ clerkId, ...event }) };
}

async function received(orderId: string, conversionId: string) {
  await stack.untilStatus(conversionId, 'submitted');
  return (await stack.sandbox.conversions(orderId))[0]?.fields;
}

describe('an event added in one row of the programme', () => {
  it('is reported end to end, with its own tracker and order id', async () => {
    const { userId, answer } = await publish('user_1', { campaignEventId: 'trial_start' });
    const orderId = `trial_start-${userId}`;
    expect(await received(orderId, answer.body.conversionId)).toMatchObject({
      ActionTrackerId: '77777',
      OrderId: orderId,
    });
  });

  it('is in the OpenAPI document', async () => {
    const { body } = await stack.api.call('/openapi.json');
    expect(JSON.stringify(body.paths['/v1/conversions'])).toContain('trial_start');
  });
});

describe('a type of event added in one file and one row', () => {
  it('is reported end to end, with its own fields', async () => {
    const event = { campaignEventId: 'app_install', device: 'tablet' };
    const { userId, answer } = await publish('user_2', event);
    const fields = await received(`app_install-${userId}-tablet`, answer.body.conversionId);
    expect(fields).toMatchObject({ ActionTrackerId: '88888', Note: 'on a tablet' });
  });

  it('has its payload checked at the API', async () => {
    const { answer } = await publish('user_3', { campaignEventId: 'app_install', device: 'toaster' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'device' }] } });
  });
});
