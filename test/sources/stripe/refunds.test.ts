import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  customer,
  dispute,
  invoicePayment,
  newOrder,
  type Order,
  paidInvoice,
  paidInvoiceOf2024,
  refund,
  refundedCharge,
  type TestEvent,
} from './events.js';
import { buyer, openTestSource, type TestSource } from './source.js';

let source: TestSource;

beforeAll(async () => {
  source = await openTestSource();
  await buyer(source.db, 'user_buyer');
});
afterAll(() => source.close());

const bought = (order: Order) => paidInvoice(order, { metadata: { userId: 'user_buyer' } });

/** A sale whose payment is known. */
async function sold(): Promise<Order> {
  const order = newOrder();
  for (const event of [bought(order), invoicePayment(order)]) await source.receive(event);
  return order;
}

function* permutations<T>(items: readonly T[]): Iterable<T[]> {
  if (items.length === 0) yield [];
  for (const [index, first] of items.entries())
    for (const rest of permutations(items.toSpliced(index, 1))) yield [first, ...rest];
}

/** Every order of the events of one sale. */
async function endsOf(events: (order: Order) => TestEvent[]): Promise<Set<unknown>> {
  const ends = new Set<unknown>();
  for (const positions of permutations(events(newOrder()).map((_event, index) => index))) {
    const order = newOrder();
    const all = events(order);
    for (const position of positions) await source.receive(all[position] as TestEvent);
    ends.add(await source.leftOf(order));
  }
  return ends;
}

describe('a refund', () => {
  it('of a part leaves the same part of the sale, without tax', async () => {
    const order = await sold();
    const outcome = await source.receive(refundedCharge(order, 1_312));
    expect(outcome).toEqual({ result: 'recorded', conversionId: source.idOf(order) });
    expect(await source.leftOf(order)).toBe(3_308);
  });

  it('of all reverses the sale', async () => {
    const order = await sold();
    await source.receive(refundedCharge(order, 5_248));
    expect((await source.conversionOf(order))?.adjustments).toMatchObject([
      { kind: 'reversal', reason: 'ITEM_RETURNED', requestedBy: 'Stripe' },
    ]);
    expect(await source.leftOf(order)).toBe('reversed');
  });

  it('of a part, and then of the rest, reverses the sale', async () => {
    const order = await sold();
    for (const amount of [1_312, 5_248]) await source.receive(refundedCharge(order, amount));
    expect(await source.leftOf(order)).toBe('reversed');
  });

  it('that comes twice, also at once, changes the sale once', async () => {
    const order = await sold();
    const event = refundedCharge(order, 1_312);
    await Promise.all(Array.from({ length: 5 }, () => source.receive(event)));
    await source.receive(event);
    expect((await source.conversionOf(order))?.adjustments).toHaveLength(1);
  });

  it('that is older than one that is there changes nothing', async () => {
    const order = await sold();
    for (const amount of [2_624, 1_312]) await source.receive(refundedCharge(order, amount));
    expect(await source.leftOf(order)).toBe(2_205);
  });

  it('of two that come at once leaves what the larger sum leaves', async () => {
    const orders = await Promise.all(Array.from({ length: 5 }, sold));
    await Promise.all(
      orders.flatMap((order) =>
        [1_312, 2_624].map((amount) => source.receive(refundedCharge(order, amount))),
      ),
    );
    expect(await Promise.all(orders.map(source.leftOf))).toEqual(orders.map(() => 2_205));
  });

  it('in the shape of 2024 finds its invoice without another event', async () => {
    const order = newOrder();
    await source.receive(refundedCharge(order, 1_312, { invoice: order.invoice }));
    await source.receive(paidInvoiceOf2024(order, { metadata: { userId: 'user_buyer' } }));
    expect(await source.leftOf(order)).toBe(3_308);
  });

  it('of a payment for no invoice, in the shape of 2024, is ignored', async () => {
    const outcome = await source.receive(refundedCharge(newOrder(), 1_312, { invoice: null }));
    expect(outcome).toEqual({ result: 'ignored', reason: 'no_invoice' });
  });

  it('of a charge without a PaymentIntent finds its invoice by the charge', async () => {
    const order = newOrder();
    const none = { payment_intent: null };
    await source.receive(paidInvoiceOf2024(order, { metadata: { userId: 'user_buyer' }, ...none }));
    await source.receive(refundedCharge(order, 1_312, none));
    expect(await source.leftOf(order)).toBe(3_308);
  });

  it('of one of two payments leaves the part that the other has paid', async () => {
    const order = await sold();
    const second = { ...order, payment: `${order.payment}_2`, charge: `${order.charge}_2` };
    await source.receive(invoicePayment(second));
    for (const each of [order, second]) await source.receive(refundedCharge(each, 1_312));
    expect(await source.leftOf(order)).toBe(2_205);
  });

  it('waits, and is visible, while its invoice is not known', async () => {
    const order = newOrder();
    const outcome = await source.receive(refundedCharge(order, 1_312));
    expect(outcome).toEqual({ result: 'held', reason: 'invoice_not_found' });
    expect(await source.kept(order.payment)).toMatchObject({ held: 'invoice_not_found', refunded: 1_312 });
  });

  it('waits no more once its invoice is there', async () => {
    const order = newOrder();
    const events = [refundedCharge(order, 1_312), invoicePayment(order), bought(order)];
    for (const event of events) await source.receive(event);
    expect(await source.kept(order.payment)).not.toHaveProperty('held');
  });

  it('of a payment for several invoices waits for a human', async () => {
    const order = await sold();
    await source.receive(invoicePayment({ ...order, invoice: newOrder().invoice }));
    expect(await source.receive(refundedCharge(order, 1_312))).toEqual({
      result: 'held',
      reason: 'several_invoices',
    });
    expect(await source.leftOf(order)).toBe(4_410);
  });

  it('that failed waits for a human', async () => {
    const failed = refund(await sold(), 'refund.failed', { status: 'failed' });
    expect(await source.receive(failed)).toEqual({ result: 'held', reason: 'refund_failed' });
  });

  it('before its sale keeps that from ever being sent', async () => {
    const order = newOrder();
    for (const event of [refundedCharge(order, 5_248), invoicePayment(order)]) await source.receive(event);
    const before = source.woken.length;
    await source.receive(bought(order));
    expect(await source.conversionOf(order)).toMatchObject({ status: 'reversed' });
    expect(await source.conversionOf(order)).not.toHaveProperty('submission');
    expect(source.woken.length - before).toBeLessThanOrEqual(1);
  });
});

describe('in whatever order they come,', () => {
  it('the payment, the invoice, its customer and a refund of a part leave the same', async () => {
    const ends = await endsOf((order) => [
      paidInvoice(order),
      invoicePayment(order),
      customer(order, { userId: 'user_buyer' }),
      refundedCharge(order, 1_312),
    ]);
    expect(ends).toEqual(new Set([3_308]));
  });

  it('the payment, the invoice, two refunds and a dispute leave nothing', async () => {
    const ends = await endsOf((order) => [
      bought(order),
      invoicePayment(order),
      refundedCharge(order, 1_312),
      dispute(order),
    ]);
    expect(ends).toEqual(new Set(['reversed']));
  });
});

describe('a dispute', () => {
  const reasonOf = async (order: Order) => (await source.conversionOf(order))?.adjustments?.at(-1)?.reason;

  it.each([
    ['product_not_received', 'REJECTED'],
    ['fraudulent', 'CONS_FRAUD'],
  ])('that is %s reverses the sale as %s', async (reason, expected) => {
    const order = await sold();
    await source.receive(dispute(order, { reason }));
    expect(await source.leftOf(order)).toBe('reversed');
    expect(await reasonOf(order)).toBe(expected);
  });

  it.each(['warning_needs_response', 'prevented'])(
    'that is only an inquiry changes nothing: %s',
    async (status) => {
      const order = await sold();
      expect(await source.receive(dispute(order, { status }))).toEqual({
        result: 'ignored',
        reason: 'inquiry',
      });
      expect(await source.leftOf(order)).toBe(4_410);
    },
  );

  it('that an inquiry has become reverses the sale when the money is withdrawn', async () => {
    const order = await sold();
    await source.receive(dispute(order, { status: 'warning_needs_response' }));
    await source.receive(dispute(order, {}, 'charge.dispute.funds_withdrawn'));
    expect(await source.leftOf(order)).toBe('reversed');
  });

  it('after a full refund leaves the reversal as it is', async () => {
    const order = await sold();
    await source.receive(refundedCharge(order, 5_248));
    expect(await source.receive(dispute(order))).toMatchObject({ result: 'recorded' });
    expect(await reasonOf(order)).toBe('ITEM_RETURNED');
  });
});
