import type { Outcome, StripeDeps } from './deps.js';
import { findObject, keepObject } from './keep-object.js';
import type { KeptObject } from './kept-object.model.js';
import { paymentId } from './read-invoice.js';
import { settleInvoice } from './settle-invoice.js';
import { chargeSchema, disputeSchema, invoicePaymentSchema, refundSchema } from './shapes.js';

/** `invoice_payment.paid`: which invoice a payment paid. */
export async function keepInvoicePayment(deps: StripeDeps, object: unknown): Promise<Outcome> {
  const { invoice, payment } = invoicePaymentSchema.parse(object);
  const id = paymentId(payment);
  // Paid outside of Stripe, whose refund Stripe does not see either.
  if (!id || !invoice) return { result: 'ignored', reason: 'no_invoice' };
  await keepObject(deps.db, id, { invoice });
  const kept = await findObject(deps.db, id);
  return kept?.refunded || kept?.disputed ? settlePayment(deps, id) : { result: 'recorded' };
}

/** `charge.refunded`: what was refunded of a charge altogether, so that one refund is never counted twice. */
export async function keepRefund(deps: StripeDeps, object: unknown, eventId: string): Promise<Outcome> {
  const charge = chargeSchema.parse(object);
  // Until 2025-03-31.basil a charge says that it paid no invoice.
  if (charge.invoice === null) return { result: 'ignored', reason: 'no_invoice' };
  const id = charge.payment_intent ?? charge.id;
  const { invoice, amount_refunded: refunded } = charge;
  await keepObject(deps.db, id, {
    set: { held: 'invoice_not_found', eventId },
    refunded,
    ...(invoice ? { invoice } : {}),
  });
  return settlePayment(deps, id);
}

/** `charge.dispute.created`, and `charge.dispute.funds_withdrawn`, which also comes where an inquiry becomes a dispute. */
export async function keepDispute(deps: StripeDeps, object: unknown, eventId: string): Promise<Outcome> {
  const dispute = disputeSchema.parse(object);
  // https://docs.stripe.com/disputes/how-disputes-work#inquiries
  if (/^(warning_|prevented$)/.test(dispute.status)) return { result: 'ignored', reason: 'inquiry' };
  const id = paymentId(dispute);
  if (!id) return { result: 'ignored', reason: 'no_invoice' };
  const disputed = dispute.reason === 'fraudulent' ? 'CONS_FRAUD' : 'REJECTED';
  await keepObject(deps.db, id, { set: { held: 'invoice_not_found', disputed, eventId } });
  return settlePayment(deps, id);
}

/** `refund.failed`: the customer has not got the money. A reversal cannot be undone, so a human has to decide. */
export async function keepFailedRefund(
  { db }: StripeDeps,
  object: unknown,
  eventId: string,
): Promise<Outcome> {
  const refund = refundSchema.parse(object);
  const detail = `The refund of the payment ${paymentId(refund) ?? 'unknown'} has failed.`;
  await keepObject(db, refund.id, { set: { held: 'refund_failed', detail, eventId } });
  return { result: 'held', reason: 'refund_failed' };
}

/** Takes a refund or a dispute off the invoice of its payment, if that is known, and paid. */
async function settlePayment(deps: StripeDeps, id: string): Promise<Outcome> {
  const payment: Partial<KeptObject> = (await findObject(deps.db, id)) ?? {};
  const [invoice, ...others] = payment.invoices ?? [];
  if (!invoice) return { result: 'held', reason: 'invoice_not_found' };
  if (others.length > 0) {
    await keepObject(deps.db, id, { set: { held: 'several_invoices' } });
    return { result: 'held', reason: 'several_invoices' };
  }
  return settleInvoice(deps, invoice);
}
