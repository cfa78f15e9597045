import type { Conversion } from '../domain/conversion.js';
import { closeAdjustments, OPEN_REVERSAL } from './close-adjustments.js';
import { type Changes, type Entry, type Expected, type Ledger, transition } from './transition.js';

const NOT_SENT: Expected = { 'submission.state': { $nin: ['sending', 'queued'] } };

/**
 * Ends a step without a report: the conversion is skipped, parked, abandoned or declined. If it has an open reversal, and
 * Impact has nothing of it, it is reversed instead.
 * @param nothingThere the condition on which the ledger knows that Impact has nothing of it
 * @returns null also if a reversal is requested at this moment: the workflow then takes the step again
 */
export async function endUnsent(
  ledger: Ledger,
  { _id, adjustments }: Conversion,
  expected: Expected,
  entry: Entry,
  { nothingThere = NOT_SENT, ...changes }: Changes & { nothingThere?: Expected } = {},
): Promise<Conversion | null> {
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
