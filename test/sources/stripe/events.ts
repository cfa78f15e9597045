import { randomUUID } from 'node:crypto';
import type Stripe from 'stripe';

/**
 * Events in the documented shapes of Stripe: https://docs.stripe.com/api/invoices/object, /invoice-payment/object, /charges/object,
 * /disputes/object, /refunds/object, /customers/object, /checkout/sessions/object, compared with openapi/fixtures3.json of
 * github.com/stripe/openapi (2026-08-21). They are typed by the package's API version, and have the fields that a reader may meet.
 */

type DeepPartial<T> = T extends object ? { [Key in keyof T]?: DeepPartial<T[Key]> | undefined } : T;

const newId = (prefix: string) => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
const now = () => Math.floor(Date.now() / 1_000);

export type TestEvent = ReturnType<typeof eventOf>;

export function eventOf(type: string, object: object, fields: { created?: number; account?: string } = {}) {
  return {
    id: newId('evt'),
    object: 'event',
    api_version: '2026-10-28.endive',
    created: now(),
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
    data: { object },
    ...fields,
  };
}

/** What one customer buys, and how it is paid. */
export function newOrder() {
  return { invoice: newId('in'), customer: newId('cus'), payment: newId('pi'), charge: newId('ch') };
}

export type Order = ReturnType<typeof newOrder>;

/** 49.00 less 4.90, and 8.38 of tax. */
export function paidInvoice(order: Order, fields: object = {}) {
  const price = { price: 'price_team_monthly', product: 'prod_team' };
  const line = {
    id: 'il_1',
    object: 'line_item',
    amount: 4_900,
    subtotal: 4_900,
    currency: 'usd',
    description: '1 × Team (at $49.00 / month)',
    discount_amounts: [{ amount: 490, discount: 'di_1' }],
    discountable: true,
    metadata: {},
    quantity: 1,
    pricing: { type: 'price_details', price_details: price },
    taxes: [{ amount: 838, tax_behavior: 'exclusive' }],
  } satisfies DeepPartial<Stripe.InvoiceLineItem>;
  const invoice = {
    id: order.invoice,
    object: 'invoice',
    amount_due: 5_248,
    amount_paid: 5_248,
    amount_remaining: 0,
    billing_reason: 'subscription_create',
    created: now() - 60,
    currency: 'usd',
    customer: order.customer,
    customer_email: 'jane@example.com',
    discounts: [],
    lines: { object: 'list', data: [line], has_more: false, url: `/v1/invoices/${order.invoice}/lines` },
    metadata: {},
    parent: {
      type: 'subscription_details',
      subscription_details: { metadata: {}, subscription: 'sub_1' },
      quote_details: null,
    },
    shipping_cost: null,
    status: 'paid',
    status_transitions: { paid_at: now() - 30 },
    subtotal: 4_900,
    total: 5_248,
    total_discount_amounts: [{ amount: 490, discount: 'di_1' }],
    total_excluding_tax: 4_410,
  } satisfies DeepPartial<Stripe.Invoice>;
  return eventOf('invoice.paid', { ...invoice, ...fields });
}

/** The same in 2024-06-20, whose invoice names its payment, its discount and its subscription's metadata itself. */
export function paidInvoiceOf2024(order: Order, fields: object = {}) {
  const { data, ...event } = paidInvoice(order);
  const {
    parent: _later,
    lines,
    ...shared
  } = data.object as ReturnType<typeof paidInvoice>['data']['object'] & {
    parent: unknown;
    lines: { data: object[] };
  };
  const [first] = lines.data as { pricing?: unknown; taxes?: unknown; subtotal?: unknown }[];
  const { pricing: _pricing, taxes: _taxes, subtotal: _subtotal, ...line } = first ?? {};
  const old = {
    ...line,
    amount_excluding_tax: 4_900,
    price: { id: 'price_team_monthly', object: 'price', product: 'prod_team' },
    tax_amounts: [{ amount: 838, inclusive: false, tax_rate: 'txr_1' }],
  };
  const object = {
    ...shared,
    lines: { ...lines, data: [old] },
    charge: order.charge,
    payment_intent: order.payment,
    paid: true,
    subscription: 'sub_1',
    subscription_details: { metadata: {} },
    discount: null,
    tax: 838,
    ...fields,
  };
  return { ...event, api_version: '2024-06-20', data: { object } };
}

export function invoicePayment(order: Order) {
  const object = {
    id: newId('inpay'),
    object: 'invoice_payment',
    amount_paid: 5_248,
    amount_requested: 5_248,
    currency: 'usd',
    invoice: order.invoice,
    is_default: true,
    livemode: false,
    payment: { type: 'payment_intent', payment_intent: order.payment },
    status: 'paid',
  } satisfies DeepPartial<Stripe.InvoicePayment>;
  return eventOf('invoice_payment.paid', object);
}

export function refundedCharge(order: Order, amountRefunded: number, fields: object = {}) {
  const object = {
    id: order.charge,
    object: 'charge',
    amount: 5_248,
    amount_captured: 5_248,
    amount_refunded: amountRefunded,
    captured: true,
    currency: 'usd',
    customer: order.customer,
    disputed: false,
    paid: true,
    payment_intent: order.payment,
    refunded: amountRefunded === 5_248,
    status: 'succeeded',
  } satisfies DeepPartial<Stripe.Charge>;
  return eventOf('charge.refunded', { ...object, ...fields });
}

export function refund(order: Order, type = 'refund.created', fields: object = {}) {
  const object = {
    id: newId('re'),
    object: 'refund',
    amount: 1_000,
    charge: order.charge,
    currency: 'usd',
    payment_intent: order.payment,
    reason: 'requested_by_customer',
    status: 'succeeded',
  } satisfies DeepPartial<Stripe.Refund>;
  return eventOf(type, { ...object, ...fields });
}

export function dispute(order: Order, fields: object = {}, type = 'charge.dispute.created') {
  const object = {
    id: newId('du'),
    object: 'dispute',
    amount: 5_248,
    charge: order.charge,
    currency: 'usd',
    is_charge_refundable: false,
    payment_intent: order.payment,
    reason: 'product_not_received',
    status: 'needs_response',
  } satisfies DeepPartial<Stripe.Dispute>;
  return eventOf(type, { ...object, ...fields });
}

export function customer({ customer: id }: Order, metadata: Record<string, string>, created = now()) {
  const object = {
    id,
    object: 'customer',
    email: 'jane@example.com',
    livemode: false,
    metadata,
  } satisfies DeepPartial<Stripe.Customer>;
  return eventOf('customer.updated', object, { created });
}

export function checkout({ customer: id, invoice }: Order, fields: object) {
  const object = {
    id: newId('cs_test'),
    object: 'checkout.session',
    client_reference_id: null,
    customer: id,
    invoice,
    metadata: {},
    mode: 'subscription',
    payment_status: 'paid',
    status: 'complete',
    subscription: 'sub_1',
  } satisfies DeepPartial<Stripe.Checkout.Session>;
  return eventOf('checkout.session.completed', { ...object, ...fields });
}

export function promotionCode(id: string, code: string) {
  const object = {
    id,
    object: 'promotion_code',
    active: true,
    code,
  } satisfies DeepPartial<Stripe.PromotionCode>;
  return eventOf('promotion_code.created', object);
}

export function discount(id: string, promotion: string) {
  const object = {
    id,
    object: 'discount',
    promotion_code: promotion,
    source: { type: 'coupon', coupon: 'co_1' },
    subscription: 'sub_1',
  } satisfies DeepPartial<Stripe.Discount>;
  return eventOf('customer.discount.created', object);
}
