import type { Conversion } from '../domain/conversion.js';
import { findConversion } from './find-conversion.js';
import { resume } from './resume.js';
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
  const resumed = isReset ? await resume(ledger, conversion, 'Its workflow was reset.') : conversion;
  return resumed ?? findConversion(ledger.db, id);
}

/** Its workflow runs, or was started: the relay has nothing left to do for it. */
export function markReporting(ledger: Ledger, id: string): Promise<Conversion | null> {
  return transition(ledger, { _id: id, status: 'pending' }, { status: 'reporting' });
}
