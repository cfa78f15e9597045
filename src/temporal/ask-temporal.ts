import type { Client } from '@temporalio/client';
import { DomainError } from '../domain/errors.js';
import { isUnavailable } from './service-error.js';

/** An operator waits for the answer. */
export const DEADLINE_MS = 5_000;

/** @throws DomainError `temporal_unavailable`, and whatever Temporal answers */
export async function askTemporal<T>(
  temporal: Client,
  call: () => Promise<T>,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  try {
    return await temporal.withDeadline(Date.now() + deadlineMs, call);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    throw new DomainError(
      'temporal_unavailable',
      'Temporal does not answer. Try again: the request is idempotent.',
      { cause: error },
    );
  }
}
