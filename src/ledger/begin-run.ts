import {
  type Conversion,
  type ConversionStatus,
  DECIDED_AGAINST,
  isPlaceholder,
} from '../domain/conversion.js';
import { staysEnded } from '../domain/erasure.js';
import { findConversion } from './find-conversion.js';
import { followUntil } from './settle-submission.js';
import { type Ledger, transition } from './transition.js';

/**
 * The first thing that a run of a workflow does. An operator who resets a workflow wants the conversion to be tried
 * again, so a parked, abandoned, declined or skipped conversion goes on.
 * @throws DomainError `conversion_not_found`
 */
export async function beginRun(ledger: Ledger, id: string, isReset: boolean): Promise<Conversion> {
  const begun = await markReporting(ledger, id);
  if (begun) return begun;
  const conversion = await findConversion(ledger.db, id);
  const why = isReset ? { detail: 'Its workflow was reset.' } : {};
  const goesOn = isReset || conversion.status === 'pending';
  const resumed = goesOn ? await resume(ledger, conversion, why) : conversion;
  return resumed ?? findConversion(ledger.db, id);
}

/** Its workflow runs. One that Impact has queued was restarted, and goes on as `resume` says. */
export function markReporting(ledger: Ledger, id: string): Promise<Conversion | null> {
  return transition(
    ledger,
    { _id: id, status: 'pending', 'submission.state': { $ne: 'queued' } },
    { status: 'reporting' },
  );
}

const GOES_ON: readonly ConversionStatus[] = ['pending', 'parked', ...DECIDED_AGAINST];

/**
 * Lets a pending or parked conversion go on, or one that was decided against. The worker asks Impact about a conversion that
 * Impact has acknowledged, and sends any other. A conversion in another state stays as it is, and so does one that has not
 * come yet, or whose user was erased.
 * @returns null if another writer has just moved it
 */
export async function resume(ledger: Ledger, conversion: Conversion, why: { detail?: string } = {}) {
  const { _id, status, submission } = conversion;
  if (!GOES_ON.includes(status) || isPlaceholder(conversion) || staysEnded(conversion)) return conversion;
  const expected = { _id, status, 'submission.state': submission?.state ?? null };
  if (submission?.state !== 'queued') return transition(ledger, expected, { status: 'reporting', ...why });
  return transition(
    ledger,
    expected,
    { status: 'submitted', ...why },
    submission.queuedUri ? { set: { 'submission.followUntil': followUntil() } } : {},
  );
}
