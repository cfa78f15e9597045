import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginRun } from '../../../src/ledger/begin-run.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem } from '../support.js';
import { unpublishedSale, WAITING } from './sale.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const unpublished = (fields?: object, from?: 'link' | 'nowhere') => unpublishedSale(stack, fields, from);
const stored = async (id: string) => (await stack.conversion(id)) ?? expect.fail(id);

describe('an order that has met its refund', () => {
  it('is published once: the same again changes nothing, and other contents are a conflict', async () => {
    const { id, order } = await unpublished();
    await stack.api.setAmount(id, 1_900);
    await stack.api.publish(order);
    expect(await stack.api.publish(order)).toMatchObject({ status: 202, body: { status: 'pending' } });
    const other = { ...order, totalAmountCents: 100 };
    expectProblem(await stack.api.publish(other), 409, 'conversion_conflict');
  });

  it('is as old as its own request, and its timeline as old as the refund', async () => {
    const { id, order } = await unpublished();
    await stack.api.setAmount(id, 1_900);
    const { createdAt: refundedAt } = await stored(id);
    await stack.api.publish(order);
    const { createdAt, timeline } = await stored(id);
    expect(createdAt.getTime()).toBeGreaterThan(refundedAt.getTime());
    expect(timeline[0]?.at).toEqual(refundedAt);
  });

  it('is counted as every other', async () => {
    const counted = async (outcome: string) => {
      const { values } = await stack.metrics.conversions.get();
      const of = ({ event, outcome: found }: (typeof values)[number]['labels']) =>
        event === 'sale_subscription' && found === outcome;
      return values.find(({ labels }) => of(labels))?.value ?? 0;
    };
    const { id, order } = await unpublished();
    await stack.api.setAmount(id, 1_900);
    const before = await counted('pending');
    await stack.api.publish(order);
    expect(await counted('pending')).toBe(before + 1);
  });

  it('can be reversed afterwards', async () => {
    const { id, order } = await unpublished();
    await stack.api.setAmount(id, 1_900);
    await stack.api.publish(order);
    expect((await stack.api.reverse(id)).body).toMatchObject({ status: 'reversed' });
  });

  it.each(['link', 'nowhere'] as const)(
    'ends reversed, once, if both arrive at once: from %s',
    async (from) => {
      for (let round = 0; round < 5; round += 1) {
        const { id, order } = await unpublished({}, from);
        await stack.api.setAmount(id, 1_900);
        const answers = await Promise.all([
          ...Array.from({ length: 4 }, () => stack.api.publish(order)),
          ...Array.from({ length: 4 }, () => stack.api.reverse(id)),
        ]);
        expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
        const met = await stored(id);
        expect(met).toMatchObject({ status: 'reversed', payload: { totalAmountCents: 4_900 } });
        expect(met.adjustments).toHaveLength(2);
      }
    },
  );
});

describe('a dry run of an order whose refund came first', () => {
  it('says that it would be reversed', async () => {
    const { id, order } = await unpublished();
    await stack.api.reverse(id);
    expect((await stack.api.dryRun(order)).body).toMatchObject({ wouldBe: 'reversed', code: 'reversed' });
    expect(await stored(id)).toMatchObject(WAITING);
  });

  it('shows the new amount', async () => {
    const { id, order } = await unpublished();
    await stack.api.setAmount(id, 1_900);
    expect((await stack.api.dryRun(order)).body).toMatchObject({
      wouldBe: 'reported',
      request: { Amount: '19.00' },
    });
  });
});

describe('what waits for its order', () => {
  it.each([
    ['retried', 'conversion_not_parked', (id: string) => stack.api.retry(id)],
    ['restarted', 'conversion_not_parked', (id: string) => stack.api.retry(id, { restart: true })],
    ['abandoned', 'conversion_settled', (id: string) => stack.api.abandon(id, { reason: 'no order' })],
  ] as const)('cannot be %s, and says what it waits for', async (_what, code, operate) => {
    const { id } = await unpublished();
    await stack.api.reverse(id);
    const answer = await operate(id);
    expectProblem(answer, 409, code);
    expect(answer.body.detail).toMatch(/waits for its order: publish the order/);
    expect(await stored(id)).toMatchObject(WAITING);
  });

  it('is not started by a reset of its workflow', async () => {
    const { id } = await unpublished();
    await stack.api.setAmount(id, 1_900);
    expect(await beginRun(stack, id, true)).toMatchObject(WAITING);
  });
});
