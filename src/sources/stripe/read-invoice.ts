import type { z } from 'zod';
import type { Payload } from '../../domain/programme/event.js';
import { sumOf } from '../../domain/programme/items.js';
import type { Amount } from './deps.js';
import { isoMinorUnits } from './minor-units.js';
import { readItems } from './read-items.js';
import { type UserReference, userIn } from './read-user.js';
import { invoiceSchema } from './shapes.js';

export interface PaidInvoice {
  id: string;
  customer: string | undefined;
  user: UserReference | undefined;
  /** What was paid, with tax, in Stripe's minor unit. */
  paid: number;
  occurredAt: Date;
  /** The ids of the payments, as far as the invoice names them. */
  payments: string[];
  discounts: Discount[];
  /** Without the promo code. */
  payload: Payload & { totalAmountCents: number };
  promoCode: string | undefined;
}

/** By its own id, and by what is known of its promotion code. */
export interface Discount {
  id?: string | undefined;
  promotionCode?: string | undefined;
  code?: string | undefined;
}

type Invoice = z.output<typeof invoiceSchema>;

/** @throws ZodError where the event is none of Stripe's shapes */
export function readInvoice(object: unknown, which: Amount): PaidInvoice {
  const invoice = invoiceSchema.parse(object);
  const { id, customer, metadata, lines, status_transitions, created } = invoice;
  const ofSubscription = (invoice.parent?.subscription_details ?? invoice.subscription_details)?.metadata;
  const ofLines = lines.data.map((line) => line.metadata);
  const expanded = typeof customer === 'object' ? customer : undefined;
  const all = [metadata, ofSubscription, ...ofLines];
  const paidAt = status_transitions?.paid_at ?? created;
  return {
    id,
    customer: typeof customer === 'string' ? customer : expanded?.id,
    user: userIn(...all, expanded?.metadata),
    // Nothing of it was paid now, as with a credit balance: what is refunded is then a part of the whole.
    paid: invoice.amount_paid || invoice.total,
    // A test clock of Stripe may be ahead.
    occurredAt: new Date(Math.min(paidAt.getTime(), Date.now())),
    payments: paymentsOf(invoice),
    discounts: discountsOf(invoice),
    payload: payloadOf(invoice, which),
    promoCode: all.find((each) => each?.promoCode)?.promoCode,
  };
}

function payloadOf({ lines, ...invoice }: Invoice, which: Amount) {
  const currency = invoice.currency.toUpperCase();
  const iso = (amount: number) => isoMinorUnits(amount, currency);
  const shipping = invoice.shipping_cost?.amount_subtotal ?? 0;
  const withoutTax = invoice.total_excluding_tax ?? invoice.total - (invoice.tax ?? 0);
  const tax = iso(invoice.total - withoutTax);
  const totalAmountCents = iso((which === 'with_tax' ? invoice.total : withoutTax) - shipping);
  const items = which === 'with_tax' ? undefined : readItems(lines, iso);
  const discountCents = items ? sumOf(items) - totalAmountCents : 0;
  return {
    orderId: invoice.id,
    totalAmountCents,
    currency,
    // Something else was billed beside the lines.
    ...(items && discountCents >= 0 ? { items } : {}),
    ...(discountCents > 0 ? { discountCents } : {}),
    ...(tax > 0 ? { taxCents: tax } : {}),
    ...(shipping > 0 ? { shippingCents: iso(shipping) } : {}),
  };
}

function paymentsOf({ payments, payment_intent, charge }: Invoice): string[] {
  const named = payments?.data.map(({ payment }) => payment) ?? [{ payment_intent, charge }];
  return named.map(paymentId).filter((id) => id !== undefined);
}

interface PaymentNames {
  payment_intent?: string | null | undefined;
  charge?: string | null | undefined;
}

/** A charge is named by its PaymentIntent, if it has one: refunds and disputes name both. */
export function paymentId(of: PaymentNames): string | undefined {
  return of.payment_intent ?? of.charge ?? undefined;
}

function discountsOf({ discounts, discount }: Invoice): Discount[] {
  return [...(discounts ?? []), ...(discount ? [discount] : [])].map((each) => {
    if (typeof each === 'string') return { id: each };
    const { id, promotion_code: promotion } = each;
    if (typeof promotion === 'object') return { id: id ?? undefined, code: promotion?.code };
    return { id: id ?? undefined, promotionCode: promotion };
  });
}
