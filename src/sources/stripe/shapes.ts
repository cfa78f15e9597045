import { z } from 'zod';
import { metadataSchema } from './read-user.js';

/**
 * The parts of Stripe's objects that this service reads, in the shapes of all API versions from 2022-11-15 to 2026-10-28.endive.
 * A webhook gets the shape of the endpoint's version. Comments name the version that brought or removed a field.
 * https://docs.stripe.com/changelog
 */

const id = z.string().min(1).max(255);
const amount = z.int();
const time = z.int().transform((seconds) => new Date(seconds * 1_000));

/** An id, or the object itself where Stripe has expanded it. */
const reference = z.union([id, z.object({ id }).transform((object) => object.id)]).nullish();

const expandedDiscount = z.object({
  id: id.nullish(),
  promotion_code: z.union([id, z.object({ id, code: z.string() })]).nullish(),
});

const tax = z.object({
  amount,
  /** Until 2025-03-31.basil: a boolean. */
  inclusive: z.boolean().nullish(),
  tax_behavior: z.string().nullish(),
});

const lineSchema = z.object({
  amount,
  /** Before discounts and taxes. */
  subtotal: amount.nullish(),
  quantity: z.int().nullish(),
  metadata: metadataSchema,
  /** Since 2025-03-31.basil. */
  pricing: z
    .object({ price_details: z.object({ price: reference, product: reference }).nullish() })
    .nullish(),
  /** Until 2025-03-31.basil. */
  price: z.object({ id, product: reference }).nullish(),
  taxes: z.array(tax).nullish(),
  tax_amounts: z.array(tax).nullish(),
});

export type Line = z.output<typeof lineSchema>;

const payment = z.object({ payment_intent: reference, charge: reference });

export const invoiceSchema = z.object({
  id,
  currency: z.string(),
  customer: z.union([id, z.object({ id, metadata: metadataSchema })]).nullish(),
  metadata: metadataSchema,
  total: amount,
  amount_paid: amount,
  total_excluding_tax: amount.nullish(),
  /** Until 2025-03-31.basil. */
  tax: amount.nullish(),
  shipping_cost: z.object({ amount_subtotal: amount }).nullish(),
  lines: z.object({ data: z.array(lineSchema), has_more: z.boolean() }),
  discounts: z.array(z.union([id, expandedDiscount])).nullish(),
  /** Until 2025-03-31.basil, whole. */
  discount: expandedDiscount.nullish(),
  status_transitions: z.object({ paid_at: time.nullish() }).nullish(),
  created: time,
  /** Since 2025-03-31.basil. */
  parent: z.object({ subscription_details: z.object({ metadata: metadataSchema }).nullish() }).nullish(),
  payments: z.object({ data: z.array(z.object({ payment })) }).nullish(),
  /** Until 2025-03-31.basil. */
  subscription_details: z.object({ metadata: metadataSchema }).nullish(),
  payment_intent: reference,
  charge: reference,
});

/** Since 2025-05-28.basil. */
export const invoicePaymentSchema = z.object({ invoice: reference, payment });

export const chargeSchema = z.object({
  id,
  payment_intent: reference,
  amount_refunded: amount,
  /** Until 2025-03-31.basil; null: it paid no invoice. */
  invoice: reference,
});

export const disputeSchema = z.object({
  charge: reference,
  payment_intent: reference,
  status: z.string(),
  reason: z.string(),
});

export const refundSchema = z.object({ id, charge: reference, payment_intent: reference });

export const customerSchema = z.object({ id, metadata: metadataSchema });

export const sessionSchema = z.object({
  customer: reference,
  client_reference_id: z.string().nullish(),
  metadata: metadataSchema,
});

export const promotionCodeSchema = z.object({ id, code: z.string() });

export const discountSchema = expandedDiscount;
