import type { Conversion, ConversionStatus } from '../domain/conversion.js';
import { followUntil } from './settle-submission.js';
import { type Ledger, transition } from './transition.js';

/** A human decided against these, or may; on purpose they can go on. */
const RESUMABLE: readonly ConversionStatus[] = ['parked', 'abandoned', 'declined', 'skipped'];

/**
 * Lets a conversion go on that waits for a human or was decided against: Impact is asked about a conversion that it has
 * acknowledged, and any other is sent. A conversion in any other state stays as it is.
 * @returns null where somebody else has just moved it
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
