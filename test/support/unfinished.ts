import type { Adjustment } from '../../src/domain/adjustment.js';
import type { Conversion, Submission } from '../../src/domain/conversion.js';

/** Parts of conversions that are not finished, or just so. */

const HOUR_MS = 3_600_000;

export const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS);

export function queued(followUntil: Date): Submission {
  return { state: 'queued', orderId: 'order', attempts: 1, sentAt: inHours(-1), followUntil };
}

/** Of a confirmed conversion. Unless `own` says otherwise, Impact has queued it. */
export function refund(own: Partial<Adjustment>): Partial<Conversion> {
  const requested = { requestedAt: inHours(-2), requestedBy: 'mch_shop' };
  const reversal = {
    id: 'reversal-1',
    kind: 'reversal',
    reason: 'ITEM_RETURNED',
    status: 'submitted',
  } as const;
  return { status: 'confirmed', adjustments: [{ ...reversal, ...requested, ...own }] };
}
