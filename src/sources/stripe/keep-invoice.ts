import type { Payload } from '../../domain/programme/event.js';
import type { Outcome, StripeDeps } from './deps.js';
import { findObject, keepObject } from './keep-object.js';
import type { KeptSale } from './kept-object.model.js';
import { type Discount, type PaidInvoice, readInvoice } from './read-invoice.js';
import { userIdOfReference } from './read-user.js';
import { settleInvoice } from './settle-invoice.js';

/** `invoice.paid`: a sale, and perhaps which payments it had. */
export async function keepInvoice(deps: StripeDeps, object: unknown, eventId: string): Promise<Outcome> {
  const { db, stripe } = deps;
  const invoice = readInvoice(object, stripe.amount);
  const { id, customer, user, paid, occurredAt, payments, payload } = invoice;
  if (payload.totalAmountCents <= 0) return { result: 'ignored', reason: 'no_amount' };
  for (const payment of payments) await keepObject(db, payment, { invoice: id });
  const promoCode = invoice.promoCode ?? (await findPromoCode(deps, invoice));
  const { sale, refusal } = saleOf(deps, { ...payload, ...(promoCode ? { promoCode } : {}) }, occurredAt);
  const set = {
    ...(customer ? { customer } : {}),
    paid,
    eventId,
    ...(user ? { userId: await userIdOfReference(deps, user) } : {}),
    ...(sale
      ? { sale, held: 'user_not_found' as const }
      : { held: 'sale_refused' as const, detail: String(refusal) }),
  };
  // The ledger has the sale as it was read first, perhaps in the shape of another API version.
  await keepObject(db, id, { set }, [{ settledAt: { $exists: true } }]);
  return settleInvoice(deps, id);
}

/** The sale, as the campaign event takes it, or why it does not. */
function saleOf(
  { stripe }: StripeDeps,
  payload: Payload,
  occurredAt: Date,
): { sale?: KeptSale; refusal?: string } {
  const { saleEvent } = stripe;
  const parsed = saleEvent.payload.safeParse(payload);
  const faults = parsed.success
    ? saleEvent.problems(parsed.data)
    : parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  if (!parsed.success || faults.length > 0)
    return { refusal: faults.map(({ field, message }) => `${field}: ${message}`).join('; ') };
  const taken = parsed.data as KeptSale['payload'];
  return { sale: { campaignEventId: saleEvent.id, occurredAt, payload: taken } };
}

/**
 * What the customer typed. An invoice names its discounts by ids alone, so this knows a code only from the events of the discount
 * and of the promotion code, and only if those came before.
 */
async function findPromoCode({ db, logger }: StripeDeps, { id, discounts }: PaidInvoice) {
  for (const discount of discounts) {
    const code = await codeOf(discount);
    if (code) return code;
  }
  if (discounts.length > 0)
    logger.info({ code: 'stripe_promo_code_unknown', invoice: id }, 'the code of a discount is not known');
  return undefined;

  async function codeOf({ id: discountId, promotionCode, code }: Discount): Promise<string | undefined> {
    if (code) return code;
    const promotionId = promotionCode ?? (discountId && (await findObject(db, discountId))?.promotionCode);
    return promotionId ? (await findObject(db, promotionId))?.code : undefined;
  }
}
