import type { Finding } from '../domain/audit.js';
import { finding } from './finding.js';
import { isInProgress } from './processing-time.js';
import type { ImpactSide, Order } from './types.js';

/** `changing`: the amounts differ, and another amount is on its way to Impact. */
export type AmountComparison = 'agreed' | 'notCompared' | 'changing' | Finding;

/** Impact keeps amounts in the account's currency: https://integrations.impact.com/impact-brand/reference/action-object */
export function compareAmounts(
  order: Order,
  { amount, currency, actionId, state }: ImpactSide,
  now: Date,
): AmountComparison {
  const { ledger } = order;
  if (ledger?.amount === undefined) return 'agreed';
  if (amount === undefined || currency !== ledger.currency) return 'notCompared';
  const { amountAdjustment } = ledger;
  const changing = amountAdjustment !== undefined && isInProgress(amountAdjustment, now);
  const here = amountAdjustment && !changing ? amountAdjustment.amount : ledger.amount;
  if (Math.round(Number(here) * 100) === Math.round(amount * 100)) return 'agreed';
  if (changing) return 'changing';
  const locked = state === 'APPROVED' ? ' It is locked and cannot be changed.' : '';
  const detail = `${here} ${currency} here, ${amount.toFixed(2)} ${currency} at Impact.${locked}`;
  return { ...finding(order, 'amount_differs', detail), actionIds: [actionId] };
}
