import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.js';
import { userIdOf } from '../../support/user-id.js';
import { newUser, sale } from './sale.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

describe('a sale of a user whom the service does not know', () => {
  const held = { status: 'skipped', reason: 'user_not_found' };

  it.each([
    ['userId', () => ({ userId: userIdOf(newUser()).toHexString() })],
    ['clerkId', () => ({ clerkId: newUser() })],
  ])('is held, named by %s', async (_what, user) => {
    const event = sale(user());
    const { status, body } = await stack.api.publish(event);
    expect({ status, body }).toEqual({
      status: 202,
      body: { conversionId: `sale_subscription:${event.orderId}`, ...held },
    });
  });

  it('has the id of the user already that the user will have', async () => {
    const clerkId = newUser();
    const { body: signup } = await stack.api.publish({ campaignEventId: 'signup', clerkId });
    const { body } = await stack.api.publish(sale({ clerkId }));
    const { body: user } = await stack.api.me(clerkId);
    expect(signup.conversionId).toBe(`signup:${user.userId}`);
    expect(await stack.conversion(body.conversionId)).toMatchObject({ userId: user.userId, ...held });
  });

  it('is held with a promo code as well, as the user may come with a click', async () => {
    const { body } = await stack.api.publish(sale({ clerkId: newUser(), promoCode: 'SAVE10' }));
    expect(body).toMatchObject(held);
  });

  it('is explained, with what happens next', async () => {
    const { body } = await stack.api.publish(sale({ clerkId: newUser() }));
    const { explanation } = (await stack.api.conversion(body.conversionId)).body;
    expect(explanation).toMatchObject({
      code: 'user_not_found',
      text: 'This service has not seen the user yet. The conversion is held, and reported once the user appears.',
    });
  });

  it('published again is the same sale, before the user appears and after', async () => {
    const clerkId = newUser();
    const event = sale({ clerkId });
    const first = await stack.api.publish(event);
    const again = { ...first.body, duplicate: true };
    expect((await stack.api.publish(event)).body).toEqual(again);
    await stack.api.me(clerkId, 'abc');
    expect((await stack.api.publish(event)).body).toEqual(again);
  });

  it('can be taken back, and is then never reported', async () => {
    const { body } = await stack.api.publish(sale({ clerkId: newUser() }));
    expect((await stack.api.reverse(body.conversionId)).body).toMatchObject({ status: 'reversed' });
  });
});
