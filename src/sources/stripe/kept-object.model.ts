import { type Connection, type Model, Schema } from 'mongoose';
import type { Payload } from '../../domain/programme/event.js';

/** Why an object waits. All but `sale_refused` can end by themselves, with another event. */
export const HELD_REASONS = {
  user_not_found: 'invoices are paid, and nothing says which user their customer is',
  sale_refused: 'invoices are paid, and this service does not take their sale or their refund',
  invoice_not_found: 'refunds or disputes are of payments whose paid invoice this service has not seen',
  several_invoices: 'refunds or disputes are of one payment for several invoices',
  refund_failed: 'refunds failed at Stripe after they were taken off a sale',
} as const;

export type HeldReason = keyof typeof HELD_REASONS;

/** In the place of a user: the customer is none, and their payments are no conversions. */
export const NOT_A_USER = 'none';

export interface KeptSale {
  campaignEventId: string;
  occurredAt: Date;
  /** As the campaign event's schema has parsed it. */
  payload: Payload & { totalAmountCents: number };
}

/**
 * What this service remembers of an object of Stripe, by Stripe's own id, whose prefix tells its kind. A sale, its payment, its
 * refund and its user come in events of their own, in any order: each event is kept here first, and settle-invoice.ts makes of
 * them what the ledger must have.
 */
export interface KeptObject {
  _id: string;
  /** Of an invoice, a payment or a refund that waits. */
  held?: HeldReason;
  detail?: string;
  /** The event that an operator can have Stripe send again. */
  eventId?: string;

  /** Of a customer or an invoice: the user in the ledger, or NOT_A_USER. */
  userId?: string;
  /** Of a customer: what says so. Metadata counts more than a checkout's reference. */
  saidBy?: 'metadata' | 'checkout';
  /** When the event of that metadata happened. */
  saidAt?: Date;

  /** Of an invoice. */
  customer?: string;
  sale?: KeptSale;
  /** What was paid, with tax, in Stripe's minor unit. */
  paid?: number;
  /** Since then the ledger has its sale. */
  settledAt?: Date;

  /** Of a payment: the invoices that it paid. */
  invoices?: string[];
  /** What was refunded of it altogether, in Stripe's minor unit. */
  refunded?: number;
  /** Why it was disputed: Impact's code of a reversal. */
  disputed?: 'CONS_FRAUD' | 'REJECTED';

  /** Of a promotion code: what customers type. */
  code?: string;
  /** Of a discount: its promotion code. */
  promotionCode?: string;

  updatedAt: Date;
  /** MongoDB removes it then. A customer, a promotion code and a discount stay. */
  keptUntil?: Date;
}

const keptObjectSchema = new Schema<KeptObject>(
  {
    _id: { type: String, required: true },
    held: String,
    detail: String,
    eventId: String,
    userId: String,
    saidBy: String,
    saidAt: Date,
    customer: String,
    sale: Schema.Types.Mixed,
    paid: Number,
    settledAt: Date,
    invoices: { type: [String], default: undefined },
    refunded: Number,
    disputed: String,
    code: String,
    promotionCode: String,
    updatedAt: { type: Date, required: true },
    keptUntil: Date,
  },
  { strict: 'throw', minimize: false, versionKey: false },
);

// Metrics and status: what waits, by reason, oldest first.
keptObjectSchema.index({ held: 1, updatedAt: 1 }, { partialFilterExpression: { held: { $exists: true } } });
// A customer's event, and erasing a user: the customer's invoices.
keptObjectSchema.index({ customer: 1, held: 1 }, { sparse: true });
// Settling an invoice: its payments.
keptObjectSchema.index({ invoices: 1 }, { sparse: true });
// Erasing a user: what names it.
keptObjectSchema.index({ userId: 1 }, { sparse: true });
keptObjectSchema.index({ keptUntil: 1 }, { expireAfterSeconds: 0 });

export function createKeptObjectModel(connection: Connection): Model<KeptObject> {
  return connection.model<KeptObject>('StripeObject', keptObjectSchema, 'stripe_objects');
}
