import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userIdOf } from '../../support/user-id.js';
import {
  checkout,
  customer,
  discount,
  eventOf,
  newOrder,
  paidInvoice,
  paidInvoiceOf2024,
  promotionCode,
} from './events.js';
import { buyer, openTestSource, type TestSource } from './source.js';

let source: TestSource;

beforeAll(async () => {
  source = await openTestSource();
});
afterAll(() => source.close());

async function newBuyer() {
  const clerkId = `user_${randomUUID()}`;
  return { clerkId, userId: await buyer(source.db, clerkId) };
}
const of = (clerkId: string) => ({ metadata: { userId: clerkId } });
const HELD = { result: 'held', reason: 'user_not_found' };

describe('a paid invoice', () => {
  it('is a sale of the user whom its metadata names', async () => {
    const { clerkId, userId } = await newBuyer();
    const order = newOrder();
    const outcome = await source.receive(paidInvoice(order, of(clerkId)));
    expect(outcome).toEqual({ result: 'recorded', conversionId: source.idOf(order) });
    expect(await source.conversionOf(order)).toMatchObject({
      userId,
      status: 'pending',
      attribution: { clickId: 'abc' },
      payload: { orderId: order.invoice, totalAmountCents: 4_410, currency: 'USD' },
    });
    expect(source.woken).toContain(source.idOf(order));
  });

  it('that comes twice, also at once, is one sale', async () => {
    const { clerkId } = await newBuyer();
    const order = newOrder();
    const event = paidInvoice(order, of(clerkId));
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => source.receive(event)));
    outcomes.push(await source.receive(event));
    expect(new Set(outcomes.map(({ result }) => result))).toEqual(new Set(['recorded']));
    expect((await source.conversionOf(order))?.timeline).toHaveLength(1);
  });

  it('that comes again in the shape of another version stays as it was read first', async () => {
    const { clerkId } = await newBuyer();
    const order = newOrder();
    await source.receive(paidInvoice(order, of(clerkId)));
    const again = paidInvoiceOf2024(order, { ...of(clerkId), total: 9_999, total_excluding_tax: 9_999 });
    expect(await source.receive(again)).toMatchObject({ result: 'recorded' });
    expect(await source.leftOf(order)).toBe(4_410);
  });

  it('of a user whom this service does not know yet is held in the ledger', async () => {
    const order = newOrder();
    const clerkId = `user_${randomUUID()}`;
    expect(await source.receive(paidInvoice(order, of(clerkId)))).toMatchObject({ result: 'recorded' });
    expect(await source.conversionOf(order)).toMatchObject({
      userId: userIdOf(clerkId).toHexString(),
      status: 'skipped',
      reason: 'user_not_found',
    });
  });

  it.each([
    ['a trial', { total: 0, total_excluding_tax: 0, amount_paid: 0, lines: { data: [], has_more: false } }],
    ['a credit', { total: -500, total_excluding_tax: -500, amount_paid: 0 }],
  ])('of %s is no sale', async (_what, fields) => {
    const order = newOrder();
    const outcome = await source.receive(paidInvoice(order, fields));
    expect(outcome).toEqual({ result: 'ignored', reason: 'no_amount' });
    expect(await source.kept(order.invoice)).toBeNull();
  });

  it('that a credit balance paid is a sale', async () => {
    const { clerkId } = await newBuyer();
    const order = newOrder();
    await source.receive(paidInvoice(order, { ...of(clerkId), amount_due: 0, amount_paid: 0 }));
    expect(await source.leftOf(order)).toBe(4_410);
  });

  it('of a connected account is ignored', async () => {
    const event = paidInvoice(newOrder(), of('user_1'));
    expect(await source.receive({ ...event, account: 'acct_1' })).toEqual({
      result: 'ignored',
      reason: 'connected_account',
    });
  });

  it('whose user is `none` is no conversion', async () => {
    const order = newOrder();
    expect(await source.receive(paidInvoice(order, of('none')))).toEqual({
      result: 'ignored',
      reason: 'not_a_conversion',
    });
    expect(await source.kept(order.invoice)).not.toHaveProperty('held');
    expect(await source.conversionOf(order)).toBeNull();
  });
});

describe('a paid invoice that names no user', () => {
  it('is held until metadata of its customer names one', async () => {
    const { clerkId, userId } = await newBuyer();
    const order = newOrder();
    expect(await source.receive(paidInvoice(order))).toMatchObject(HELD);
    expect(await source.kept(order.invoice)).toMatchObject({ held: 'user_not_found', sale: {} });
    expect(await source.receive(customer(order, { clerkId }))).toEqual({ result: 'recorded' });
    expect(await source.conversionOf(order)).toMatchObject({ userId, status: 'pending' });
    expect(await source.kept(order.invoice)).not.toHaveProperty('held');
  });

  it('is of the user whom an earlier checkout of its customer named', async () => {
    const { clerkId, userId } = await newBuyer();
    const order = newOrder();
    await source.receive(checkout(order, { client_reference_id: clerkId }));
    await source.receive(paidInvoice(order));
    expect(await source.conversionOf(order)).toMatchObject({ userId });
  });

  it('is settled once, if the event of its customer comes at the same time', async () => {
    const orders = await Promise.all(
      Array.from({ length: 5 }, async () => ({ order: newOrder(), ...(await newBuyer()) })),
    );
    const events = orders.flatMap(({ order, clerkId }) => [paidInvoice(order), customer(order, { clerkId })]);
    await Promise.all(events.map(source.receive));
    const found = await Promise.all(orders.map(({ order }) => source.conversionOf(order)));
    expect(found.map((each) => each?.userId)).toEqual(orders.map(({ userId }) => userId));
  });

  it('is no conversion once the customer is `none`', async () => {
    const order = newOrder();
    await source.receive(paidInvoice(order));
    await source.receive(customer(order, { userId: 'none' }));
    expect(await source.kept(order.invoice)).not.toHaveProperty('held');
  });
});

describe('the user of a customer', () => {
  it('is rather that of the metadata than that of a checkout', async () => {
    const [one, other] = [await newBuyer(), await newBuyer()];
    const order = newOrder();
    await source.receive(customer(order, { userId: one.clerkId }));
    await source.receive(checkout(order, { client_reference_id: other.clerkId }));
    expect(await source.kept(order.customer)).toMatchObject({ userId: one.userId });
  });

  it('is that of the newest metadata, also where an older event comes late', async () => {
    const [one, other] = [await newBuyer(), await newBuyer()];
    const order = newOrder();
    await source.receive(customer(order, { userId: one.clerkId }, 2_000));
    await source.receive(customer(order, { userId: other.clerkId }, 1_000));
    expect(await source.kept(order.customer)).toMatchObject({ userId: one.userId });
  });

  it('is kept without the id at the token issuer', async () => {
    const { clerkId } = await newBuyer();
    const order = newOrder();
    await source.receive(customer(order, { clerkId }));
    expect(JSON.stringify(await source.kept(order.customer))).not.toContain(clerkId);
  });

  it.each([
    ['a customer without metadata', customer(newOrder(), {})],
    ['a checkout without a reference', checkout(newOrder(), {})],
    [
      'a checkout without a customer',
      checkout(newOrder(), { customer: null, client_reference_id: 'user_1' }),
    ],
  ])('is not known from %s', async (_what, event) => {
    expect(await source.receive(event)).toEqual({ result: 'ignored', reason: 'no_user' });
  });
});

describe('the promo code of a sale', () => {
  const promoCodeOf = async (order: ReturnType<typeof newOrder>) =>
    (await source.conversionOf(order))?.payload.promoCode;

  it('is that of the metadata', async () => {
    const order = newOrder();
    await source.receive(paidInvoice(order, { metadata: { userId: 'user_1', promoCode: 'SAVE10' } }));
    expect(await promoCodeOf(order)).toBe('SAVE10');
  });

  it('is that which customers type, of the discount that the invoice names', async () => {
    const order = newOrder();
    const [di, promo] = [`di_${order.invoice}`, `promo_${order.invoice}`];
    await source.receive(promotionCode(promo, 'SAVE10'));
    await source.receive(discount(di, promo));
    await source.receive(paidInvoice(order, { ...of('user_1'), discounts: [di] }));
    expect(await promoCodeOf(order)).toBe('SAVE10');
  });

  it('is that of the whole discount in an invoice of 2024', async () => {
    const order = newOrder();
    const promo = `promo_${order.invoice}`;
    await source.receive(promotionCode(promo, 'SAVE10'));
    const whole = { id: 'di_1', promotion_code: promo, coupon: { id: 'co_1' } };
    await source.receive(paidInvoiceOf2024(order, { ...of('user_1'), discount: whole }));
    expect(await promoCodeOf(order)).toBe('SAVE10');
  });

  it('is left out where it is not known', async () => {
    const order = newOrder();
    await source.receive(paidInvoice(order, { ...of('user_1'), discounts: ['di_unknown'] }));
    expect(await source.conversionOf(order)).toMatchObject({ payload: { totalAmountCents: 4_410 } });
    expect(await promoCodeOf(order)).toBeUndefined();
  });
});

describe('an event', () => {
  it.each(['invoice.created', 'refund.created', 'constructor', 'no.such.type'])(
    'of the type %s is acknowledged, and read no further',
    async (type) => {
      expect(await source.receive(eventOf(type, { id: 'x' }))).toEqual({
        result: 'ignored',
        reason: 'event_type',
      });
    },
  );

  it('in no known shape is refused, so that Stripe delivers it again', async () => {
    const event = eventOf('invoice.paid', { id: 'in_1', object: 'invoice' });
    await expect(source.receive(event)).rejects.toMatchObject({ code: 'stripe_event_unreadable' });
  });

  it('is counted by type and result', async () => {
    await source.receive(eventOf('invoice.created', {}));
    const { values } = await source.metrics.stripeEvents.get();
    expect(values.map(({ labels }) => labels)).toContainEqual({ type: 'other', result: 'ignored' });
  });
});
