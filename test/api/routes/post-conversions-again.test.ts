import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../../src/domain/conversion.js';
import { markReporting } from '../../../src/ledger/begin-run.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem } from '../support.js';
import { newUser, sale } from './sale.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

async function attributedUser(): Promise<{ userId: string; clerkId: string }> {
  return (await stack.api.me(newUser(), 'abc')).body;
}

describe('a sale published again', () => {
  it('is answered with the same conversion, recorded once', async () => {
    const { userId } = await attributedUser();
    const event = sale({ userId, occurredAt: '2025-11-23T10:00:00Z' });
    const first = await stack.api.publish(event);
    const again = await stack.api.publish(event);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(first.body).not.toHaveProperty('duplicate');
    expect(again.body).toEqual({ ...first.body, duplicate: true });
    expect(await stack.db.conversions.countDocuments({ 'payload.orderId': event.orderId })).toBe(1);
  });

  it('is the same in any order of its fields, and with either id of the user', async () => {
    const { userId, clerkId } = await attributedUser();
    const { campaignEventId, orderId, totalAmountCents, currency } = sale();
    const first = await stack.api.publish({ campaignEventId, userId, orderId, totalAmountCents, currency });
    const again = await stack.api.publish({ currency, totalAmountCents, orderId, clerkId, campaignEventId });
    expect(again).toMatchObject({ status: 202, body: { conversionId: first.body.conversionId } });
  });

  it('is the same in another form of Unicode, also in a dry run, a refund and a look at it', async () => {
    const { userId } = await attributedUser();
    const event = sale({ userId });
    const composed = `${event.orderId}-caf\u00e9`;
    const decomposed = composed.normalize('NFD');
    const first = await stack.api.publish({ ...event, orderId: composed });
    expect(first.body.conversionId).toBe(`sale_subscription:${composed}`);
    const again = await stack.api.publish({ ...event, orderId: decomposed });
    expect(again).toMatchObject({ status: 202, body: { conversionId: first.body.conversionId } });
    const dryRun = await stack.api.dryRun({ ...event, orderId: decomposed });
    expect(dryRun.body).toMatchObject({ conversionId: first.body.conversionId, wouldBe: 'unchanged' });
    const id = `sale_subscription:${decomposed}`;
    expect((await stack.api.setAmount(id, 1_900)).body.conversionId).toBe(first.body.conversionId);
    expect((await stack.api.conversion(id)).body.conversionId).toBe(first.body.conversionId);
  });

  it('is the same if it has no time, whatever its first time was', async () => {
    const { userId } = await attributedUser();
    const event = sale({ userId });
    await stack.api.publish({ ...event, occurredAt: '2025-11-23T10:00:00Z' });
    expect((await stack.api.publish(event)).status).toBe(202);
  });

  it('is the same if its time has another offset', async () => {
    const { userId } = await attributedUser();
    const event = sale({ userId });
    await stack.api.publish({ ...event, occurredAt: '2025-11-23T10:00:00Z' });
    expect((await stack.api.publish({ ...event, occurredAt: '2025-11-23T12:00:00+02:00' })).status).toBe(202);
  });

  it('is answered with the current status', async () => {
    const { userId } = await attributedUser();
    const event = sale({ userId });
    const { body } = await stack.api.publish(event);
    await markReporting(stack, String(body.conversionId));
    expect((await stack.api.publish(event)).body).toEqual({
      conversionId: body.conversionId,
      status: 'reporting',
      duplicate: true,
    });
  });
});

describe('a sale with the order id of another sale', () => {
  it.each([
    ['amount', { totalAmountCents: 5000 }, 'payload'],
    ['currency', { currency: 'EUR' }, 'payload'],
    ['time', { occurredAt: '2025-11-23T10:00:01Z' }, 'occurredAt'],
  ])('and another %s is a conflict, and changes nothing', async (_what, other, named) => {
    const { userId } = await attributedUser();
    const event = sale({ userId, occurredAt: new Date().toISOString() });
    const { body } = await stack.api.publish(event);
    const before = await stack.untilStarted(body.conversionId);
    const answer = await stack.api.publish({ ...event, ...other });
    expectProblem(answer, 409, 'conversion_conflict');
    expect(answer.body.detail).toContain(`another ${named}`);
    expect(await stack.conversion(body.conversionId)).toEqual(before);
  });

  it('and another user is a conflict', async () => {
    const [one, other] = [await attributedUser(), await attributedUser()];
    const event = sale({ occurredAt: '2025-11-23T10:00:00Z' });
    await stack.api.publish({ ...event, userId: one.userId });
    const answer = await stack.api.publish({ ...event, userId: other.userId });
    expectProblem(answer, 409, 'conversion_conflict');
    expect(answer.body.detail).toContain('another user');
  });

  it('does not reveal the user of the other sale', async () => {
    const [one, other] = [await attributedUser(), await attributedUser()];
    const event = sale();
    await stack.api.publish({ ...event, userId: one.userId });
    const answer = await stack.api.publish({ ...event, userId: other.userId });
    expect(JSON.stringify(answer.body)).not.toContain(one.userId);
  });
});

describe('20 equal concurrent requests', () => {
  it('are all accepted, as one conversion', async () => {
    const { userId } = await attributedUser();
    const event = sale({ userId, occurredAt: new Date().toISOString() });
    const answers = await Promise.all(Array.from({ length: 20 }, () => stack.api.publish(event)));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
    expect(new Set(answers.map(({ body }) => body.conversionId)).size).toBe(1);
    expect(await stack.db.conversions.countDocuments({ userId, campaignEventId: 'sale_subscription' })).toBe(
      1,
    );
  });

  it('start one workflow', async () => {
    const { userId } = await attributedUser();
    const event = sale({ userId });
    await Promise.all(Array.from({ length: 20 }, () => stack.api.publish(event)));
    const id = `sale_subscription:${event.orderId}`;
    await stack.untilStarted(id);
    const query = `WorkflowId = "${workflowId(id)}"`;
    await expect.poll(async () => (await stack.temporal.workflow.count(query)).count).toBe(1);
  });
});

describe('one order id, published for ten users concurrently,', () => {
  it('becomes the sale of one of them, and a conflict for the others', async () => {
    const users = await Promise.all(Array.from({ length: 10 }, attributedUser));
    const event = sale();
    const answers = await Promise.all(users.map(({ userId }) => stack.api.publish({ ...event, userId })));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([202, ...Array(9).fill(409)]);
    expect(await stack.db.conversions.countDocuments({ 'payload.orderId': event.orderId })).toBe(1);
  });
});
