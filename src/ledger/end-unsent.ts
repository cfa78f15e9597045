import { OPEN_ADJUSTMENT_STATUSES } from '../domain/adjustment.js';
import { type Conversion, USER_ERASED } from '../domain/conversion.js';
import { type Changes, type Entry, type Expected, type Ledger, transition } from './transition.js';

const isOpen = { $in: OPEN_ADJUSTMENT_STATUSES };

export const OPEN_REVERSAL = { kind: 'reversal', status: isOpen };

const NOT_SENT: Expected = { 'submission.state': { $nin: ['sending', 'queued'] } };

/**
 * Ends a step without a report: the conversion is skipped, parked, abandoned or declined. If it has an open reversal, and
 * Impact has nothing of it, it is reversed instead.
 * @param nothingThere the condition on which the ledger knows that Impact has nothing of it
 * @returns null also if a reversal is requested, or the user erased, at this moment: the workflow then takes the step again
 */
export async function endUnsent(
  ledger: Ledger,
  { _id, adjustments, erasedAt }: Conversion,
  asRead: Expected,
  entry: Entry,
  { nothingThere = NOT_SENT, ...changes }: Changes & { nothingThere?: Expected } = {},
): Promise<Conversion | null> {
  const expected: Expected = { ...asRead, erasedAt: erasedAt ?? null };
  const reversible: Expected = { ...nothingThere, adjustments: { $elemMatch: OPEN_REVERSAL } };
  if (adjustments) {
    const closed = closeAdjustments();
    const reversed = await transition(
      ledger,
      { _id, $and: [expected, reversible] },
      { status: 'reversed', detail: entry.detail ?? '' },
      { ...changes, ...closed, set: { ...closed.set, ...changes.set } },
    );
    if (reversed) return reversed;
  }
  return transition(ledger, { _id, $and: [expected, { $nor: [reversible] }] }, entry, changes);
}

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

/** Ends a conversion whose user was erased, and of which Impact has nothing. */
export function endErased(
  ledger: Ledger,
  conversion: Conversion,
  expected: Expected,
  detail = 'Its user was erased.',
  changes: Changes & { nothingThere?: Expected } = {},
): Promise<Conversion | null> {
  const { set, ...closed } = conversion.adjustments ? closeAdjustments() : { set: {} };
  const entry = { status: 'skipped', reason: USER_ERASED, detail } as const;
  const all = { ...changes, ...closed, set: { ...set, ...changes.set } };
  return endUnsent(ledger, conversion, expected, entry, all);
}
