import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profileMongodb } from '../../../dev/profile-mongodb.js';
import { stripeText } from '../../../src/cli/status.js';
import { parkedStatus } from '../../../src/operations/reporting-status.js';
import { forgetUserAtStripe } from '../../../src/sources/stripe/forget-user.js';
import { findHeld } from '../../../src/sources/stripe/held.js';
import { createStripeMetrics } from '../../../src/sources/stripe/metrics.js';
import { sampleOf } from '../../support/metrics-page.js';
import { customer, invoicePayment, newOrder, paidInvoice, refund, refundedCharge } from './events.js';
import { buyer, openTestSource, type TestSource } from './source.js';

let source: TestSource;

beforeAll(async () => {
  source = await openTestSource();
});
afterAll(() => source.close());

describe('what waits', () => {
  const [first, second, paid] = [newOrder(), newOrder(), newOrder()];

  beforeAll(async () => {
    const userId = 'user_somebody';
    for (const event of [
      paidInvoice(first),
      paidInvoice(second),
      refundedCharge(newOrder(), 1_312),
      paidInvoice(paid, { metadata: { userId } }),
    ])
      await source.receive(event);
  });

  it('is counted by reason, with the oldest ones and the events to send again', async () => {
    expect(await findHeld(source.db)).toMatchObject([
      {
        reason: 'user_not_found',
        count: 2,
        oldest: [
          { id: first.invoice, eventId: expect.stringMatching(/^evt_/) },
          { id: second.invoice, detail: 'Nothing says which user its customer is.' },
        ],
      },
      { reason: 'invoice_not_found', count: 1 },
    ]);
  });

  it('is on the page of metrics, with 0 for a reason that nothing has', async () => {
    const page = await createStripeMetrics(source.db).read();
    expect(sampleOf(page, 'affiliate_stripe_held', { reason: 'user_not_found' })).toBe(2);
    expect(sampleOf(page, 'affiliate_stripe_held', { reason: 'sale_refused' })).toBe(0);
  });

  it('is in the status that an operator asks for', async () => {
    const { stripe = [] } = await parkedStatus(source.db);
    expect(stripeText(stripe)).toContain(`user_not_found     2      ${first.invoice} ${second.invoice}`);
  });

  it('is found by indexes alone', async () => {
    const queries = () =>
      Promise.all([
        findHeld(source.db),
        source.receive(customer(newOrder(), { userId: 'user_1' })),
        source.receive(invoicePayment(paid)),
        source.receive(refundedCharge(paid, 1_312)),
        forgetUserAtStripe(source.db, '65f000000000000000000001'),
      ]);
    const plans = (await profileMongodb(source.db, queries, 'stripe_objects')).map(({ plan }) => plan);
    expect(plans.length).toBeGreaterThan(5);
    expect(plans.filter((plan) => plan.includes('COLLSCAN'))).toEqual([]);
  });

  it('is kept for 88 days, and what is settled for longer than a card can be disputed', async () => {
    const daysOf = async (id: string) => {
      const { keptUntil = 0 } = (await source.kept(id)) ?? {};
      return Math.round((Number(keptUntil) - Date.now()) / 86_400_000);
    };
    expect(await daysOf(first.invoice)).toBe(88);
    expect(await daysOf(paid.invoice)).toBe(550);
  });

  it('never forgets which user a customer is, as a renewal may come after years', async () => {
    const order = newOrder();
    await source.receive(customer(order, { userId: 'user_1' }));
    expect(await source.kept(order.customer)).not.toHaveProperty('keptUntil');
  });
});

describe('an erased user', () => {
  it('leaves nothing that names a customer, and a refund still finds its sale', async () => {
    const userId = await buyer(source.db, 'user_erased');
    const order = newOrder();
    for (const event of [
      customer(order, { userId: 'user_erased' }),
      paidInvoice(order),
      invoicePayment(order),
    ])
      await source.receive(event);
    await forgetUserAtStripe(source.db, userId);
    const all = JSON.stringify(await source.db.stripeObjects.find().lean());
    expect(all).not.toContain(userId);
    expect(all).not.toContain(order.customer);
    await source.receive(refundedCharge(order, 1_312));
    expect(await source.leftOf(order)).toBe(3_308);
  });
});

it('a refund that failed is shown by its id', async () => {
  const event = refund(newOrder(), 'refund.failed');
  await source.receive(event);
  const failed = (await findHeld(source.db)).find(({ reason }) => reason === 'refund_failed');
  expect(failed?.oldest).toMatchObject([{ id: (event.data.object as { id: string }).id, eventId: event.id }]);
});
