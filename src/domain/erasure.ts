import { type Conversion, DECIDED_AGAINST, isSent } from './conversion.js';
import { DomainError } from './errors.js';

/**
 * The erasure of a user. The ledger keeps the order, the amount, the times and the states of each conversion, and its id,
 * which prevents a second report: a tombstone.
 */

/** What of a payload may say who the customer is. The note is a text of the shop. */
export const PERSONAL_FIELDS: readonly string[] = ['customerEmail', 'note'];

/** Impact has nothing of it, and without its click it can never be reported. */
export function isNeverReported(conversion: Pick<Conversion, 'erasedAt' | 'submission'>): boolean {
  return conversion.erasedAt !== undefined && !isSent(conversion);
}

/** It was decided against before the erasure, or ended by it: no retry changes that any more. */
export function staysEnded(conversion: Pick<Conversion, 'status' | 'erasedAt' | 'submission'>): boolean {
  return DECIDED_AGAINST.includes(conversion.status) && isNeverReported(conversion);
}

/** The payload as a tombstone keeps it. */
export function withoutPerson(payload: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !PERSONAL_FIELDS.includes(name)));
}

export function erasedText(erasedAt: Date): string {
  return `The user was erased at ${erasedAt.toISOString()}.`;
}

/** A session or a signup of before the erasure does not bring the user back. */
export function refuseErased(erasedAt: Date, since: Date): void {
  if (since > erasedAt) return;
  throw new DomainError(
    'user_erased',
    `${erasedText(erasedAt)} The request is about a time before that (${since.toISOString()}), so it creates no user. ` +
      'Sign in again: a later session or signup creates a new one.',
  );
}
