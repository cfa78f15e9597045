import { z } from 'zod';
import { DomainError } from '../../domain/errors.js';
import type { Outcome, StripeDeps } from './deps.js';
import { keepCheckout, keepCustomer, keepDiscount, keepPromotionCode } from './keep-customer.js';
import { keepInvoice } from './keep-invoice.js';
import { keepDispute, keepFailedRefund, keepInvoicePayment, keepRefund } from './keep-payment.js';
import type { SignedEvent } from './verify-event.js';

type Keep = (deps: StripeDeps, object: unknown, eventId: string, at: Date) => Promise<Outcome>;

/** A refund is read from its charge, which has the sum of all of them, so `refund.created` is not needed. */
const HANDLERS: ReadonlyMap<string, Keep> = new Map<string, Keep>([
  ['invoice.paid', keepInvoice],
  ['invoice_payment.paid', keepInvoicePayment],
  ['charge.refunded', keepRefund],
  ['charge.dispute.created', keepDispute],
  ['charge.dispute.funds_withdrawn', keepDispute],
  ['refund.failed', keepFailedRefund],
  ['customer.created', keepCustomer],
  ['customer.updated', keepCustomer],
  ['checkout.session.completed', keepCheckout],
  ['promotion_code.created', keepPromotionCode],
  ['promotion_code.updated', keepPromotionCode],
  ['customer.discount.created', keepDiscount],
]);

/** What the endpoint at Stripe subscribes to. */
export const EVENT_TYPES = [...HANDLERS.keys()];

/**
 * Keeps what a signed event says, and makes the ledger follow. Nothing is remembered of the event itself: the same one again
 * keeps the same, and changes nothing.
 * @throws DomainError `stripe_event_unreadable`, or one that is transient; MongoDB's errors
 */
export async function receiveEvent(deps: StripeDeps, event: SignedEvent): Promise<Outcome> {
  const outcome = await handle(deps, event);
  const { id, type } = event;
  const known = HANDLERS.has(type) ? type : 'other';
  deps.metrics.stripeEvents.inc({ type: known, result: outcome.result });
  if (outcome.result === 'held')
    deps.logger.warn({ code: 'stripe_held', stripeEvent: id, type, ...outcome }, 'an event of Stripe waits');
  return outcome;
}

async function handle(deps: StripeDeps, { id, type, account, created, data }: SignedEvent): Promise<Outcome> {
  const keep = HANDLERS.get(type);
  if (!keep) return { result: 'ignored', reason: 'event_type' };
  // Its ids and users are those of another company.
  if (account) return { result: 'ignored', reason: 'connected_account' };
  try {
    return await keep(deps, data.object, id, new Date(created * 1_000));
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [fault] = error.issues;
    throw new DomainError(
      'stripe_event_unreadable',
      `The ${type} is in no shape that this service knows: ${fault?.path.join('.')} ${fault?.message}. docs/stripe.md names the API versions.`,
    );
  }
}
