import type { Conversion, ConversionStatus } from '../domain/conversion.js';
import { followUntil } from './settle-submission.js';
import { type Ledger, transition } from './transition.js';

/** Statuses that wait for a human's decision, or are one. */
const RESUMABLE: readonly ConversionStatus[] = ['parked', 'abandoned', 'declined', 'skipped'];

/**
 * Lets a parked conversion go on, or one that was decided against. The worker asks Impact about a conversion that Impact has
 * acknowledged, and sends any other. A conversion in another state stays as it is.
 * @returns null if another writer has just moved it
 */
export async function resume(
  ledger: Ledger,
  conversion: Conversion,
  detail: string,
): Promise<Conversion | null> {
  const { _id, status, submission } = conversion;
  if (!RESUMABLE.includes(status)) return conversion;
  const expected = { _id, status, 'submission.state': submission?.state ?? null };
  if (submission?.state !== 'queued') return transition(ledger, expected, { status: 'reporting', detail });
  return transition(
    ledger,
    expected,
    { status: 'submitted', detail },
    submission.queuedUri ? { set: { 'submission.followUntil': followUntil() } } : {},
  );
}
