import { conversionId } from '../../domain/conversion.js';
import { DomainError } from '../../domain/errors.js';
import { publishConversion } from '../../ledger/publish-conversion.js';
import { type AdjustmentRequest, requestAdjustment } from '../../ledger/request-adjustment.js';
import type { Outcome, StripeDeps } from './deps.js';
import { findObject, keepObject } from './keep-object.js';
import { type HeldReason, type KeptObject, type KeptSale, NOT_A_USER } from './kept-object.model.js';

/** Other events of the same invoice came meanwhile so often. */
const MAX_ROUNDS = 10;

/**
 * Makes the ledger what the kept events say of an invoice: its sale, and what was refunded or disputed of it. The result is the
 * same in whatever order, and however often, the events come. A refund that is known goes first, so that a sale that is taken
 * back already is never sent.
 * @throws DomainError that is transient, or MongoDB's error: Stripe then delivers the event again
 */
export async function settleInvoice(deps: StripeDeps, id: string): Promise<Outcome> {
  const { db } = deps;
  const invoice = await findObject(db, id);
  // Its payment or its refund came first, and waits by itself.
  if (!invoice) return { result: 'held', reason: 'invoice_not_found' };
  // What waits, waits as the invoice from here.
  await db.stripeObjects.updateMany({ invoices: id, held: 'invoice_not_found' }, { $unset: { held: 1 } });
  const { sale } = invoice;
  if (!sale) return { result: 'held', reason: 'sale_refused' };
  const userId = invoice.userId ?? (await userOfCustomer(deps, invoice));
  if (!userId && !invoice.settledAt)
    return hold(deps, invoice, 'user_not_found', 'Nothing says which user its customer is.');
  if (userId === NOT_A_USER) {
    await keepObject(db, id, { unset: ['held', 'detail'] });
    return { result: 'ignored', reason: 'not_a_conversion' };
  }
  try {
    await settle(deps, { ...invoice, sale }, userId);
  } catch (error) {
    if (!(error instanceof DomainError) || error.isTransient) throw error;
    return hold(deps, invoice, 'sale_refused', `${error.code}: ${error.message}`);
  }
  await keepObject(db, id, {
    set: { settledAt: invoice.settledAt ?? new Date() },
    unset: ['held', 'detail'],
  });
  return recorded(sale, id);
}

async function userOfCustomer({ db }: StripeDeps, { customer }: KeptObject): Promise<string | undefined> {
  return customer === undefined ? undefined : (await findObject(db, customer))?.userId;
}

type SoldInvoice = KeptObject & { sale: KeptSale };

/** Until no event that came meanwhile says otherwise: whichever of two deliveries ends last has seen both. */
async function settle(deps: StripeDeps, invoice: SoldInvoice, userId: string | undefined): Promise<void> {
  let done: string | undefined;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const wanted = adjustmentOf(invoice, await paymentsOf(deps, invoice._id));
    if (round > 0 && JSON.stringify(wanted) === done) return;
    if (wanted) await adjust(deps, invoice, wanted);
    if (round === 0 && userId && !invoice.settledAt) await publish(deps, invoice.sale, userId);
    done = JSON.stringify(wanted);
  }
  throw new DomainError(
    'concurrent_update',
    `Other events of the invoice ${invoice._id} come at this moment.`,
  );
}

function paymentsOf({ db }: StripeDeps, invoiceId: string): Promise<KeptObject[]> {
  return db.stripeObjects.find({ invoices: invoiceId }).lean().exec();
}

/** What is left of the sale, as the whole new amount: the part that was refunded of what was paid is taken off without its tax. */
function adjustmentOf(
  { sale, paid = 0 }: SoldInvoice,
  payments: readonly KeptObject[],
): AdjustmentRequest | undefined {
  const by = 'Stripe';
  // Of a payment for several invoices nothing says which part is whose.
  const own = payments.filter(({ invoices = [] }) => invoices.length === 1);
  const disputed = own.find((payment) => payment.disputed)?.disputed;
  if (disputed) return { kind: 'reversal', reason: disputed, by };
  const refunded = own.reduce((sum, payment) => sum + (payment.refunded ?? 0), 0);
  if (refunded === 0) return undefined;
  const left = Math.round((sale.payload.totalAmountCents * (paid - refunded)) / paid);
  // Impact takes an amount of 0 for a reversal.
  if (refunded >= paid || left === 0) return { kind: 'reversal', reason: 'ITEM_RETURNED', by };
  return { kind: 'amount', totalAmountCents: left, reason: 'ORDER_UPDATE', by };
}

async function adjust(
  deps: StripeDeps,
  { _id, sale }: SoldInvoice,
  wanted: AdjustmentRequest,
): Promise<void> {
  try {
    const { conversion } = await requestAdjustment(deps, conversionId(sale.campaignEventId, _id), wanted);
    deps.wake(conversion);
  } catch (error) {
    // It was taken back as a whole before, so nothing is left to take back.
    if (!(error instanceof DomainError) || error.code !== 'conversion_reversed') throw error;
  }
}

async function publish(deps: StripeDeps, sale: KeptSale, userId: string): Promise<void> {
  const { conversion } = await publishConversion(deps, { ...sale, user: { userId } });
  if (conversion.status === 'pending') deps.wake(conversion);
}

async function hold(
  deps: StripeDeps,
  { _id, sale, settledAt }: KeptObject,
  reason: HeldReason,
  detail: string,
) {
  // Another delivery may have settled it just now.
  const unless = settledAt ? [] : [{ settledAt: { $exists: true } }];
  await keepObject(deps.db, _id, { set: { held: reason, detail } }, unless);
  return { ...recorded(sale, _id), result: 'held', reason } as const;
}

function recorded(sale: KeptSale | undefined, id: string): Outcome & { result: 'recorded' } {
  return sale
    ? { result: 'recorded', conversionId: conversionId(sale.campaignEventId, id) }
    : { result: 'recorded' };
}
