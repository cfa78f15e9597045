import { OPEN_ADJUSTMENT_STATUSES } from '../domain/adjustment.js';
import type { Changes } from './transition.js';

const isOpen = { $in: OPEN_ADJUSTMENT_STATUSES };

export const OPEN_REVERSAL = { kind: 'reversal', status: isOpen };

/**
 * Ends the open adjustments of a conversion that Impact has nothing of (any more): its reversal is done, and no amount
 * matters. For documents with the field `adjustments` only, as MongoDB refuses the paths otherwise.
 */
export function closeAdjustments() {
  return {
    set: { 'adjustments.$[reversal].status': 'confirmed', 'adjustments.$[amount].status': 'abandoned' },
    arrayFilters: [
      { 'reversal.kind': 'reversal', 'reversal.status': isOpen },
      { 'amount.kind': 'amount', 'amount.status': isOpen },
    ],
  } satisfies Changes;
}
