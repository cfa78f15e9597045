import { DECIDED_AGAINST } from '../domain/conversion.js';
import type { Finding } from '../domain/findings.js';
import { looksLike } from '../domain/order-id.js';
import { createFinding } from './create-finding.js';
import type { CompareContext, LedgerSide, Order } from './types.js';

export const DUPLICATE_WITHIN_MS = 3_600_000;

interface Sale {
  orderId: string;
  at: number;
}

/**
 * Finds sales of one user that have the same amount and happened within an hour, with different order ids: a shop may
 * have sent one sale under two ids. Orders come in the order of their time, so that one hour of them is kept at most.
 */
export function createDuplicateFinder(context: CompareContext): (order: Order) => Finding[] {
  const lastSales = new Map<string, Sale>();
  return (order) => {
    const { ledger, orderId, actionTrackerId } = order;
    if (!ledger || !isPaid(ledger)) return [];
    const { userId, amount, currency } = ledger;
    const sale = { orderId, at: ledger.occurredAt.getTime() };
    forgetBefore(lastSales, sale.at - DUPLICATE_WITHIN_MS);
    const key = [actionTrackerId, userId, amount, currency].join(' ');
    const before = lastSales.get(key);
    // The map stays in the order of time: a key that is set again keeps its place.
    lastSales.delete(key);
    lastSales.set(key, sale);
    if (!before) return [];
    const detail =
      `Within an hour after order ${before.orderId}, of the same user and with the same amount.` +
      (looksLike(orderId, before.orderId) ? ' The two order ids look the same.' : '');
    return [createFinding(order, 'possible_duplicate', detail, context, [])];
  };
}

function isPaid({ amount, status, reversal }: LedgerSide): boolean {
  return amount !== undefined && !reversal && status !== 'reversed' && !DECIDED_AGAINST.includes(status);
}

function forgetBefore(sales: Map<string, Sale>, time: number): void {
  for (const [key, { at }] of sales) {
    if (at >= time) return;
    sales.delete(key);
  }
}
