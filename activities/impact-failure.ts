import { ApplicationFailure } from '@temporalio/common';
import type { AttemptDetails } from '../src/domain/workflow-names.js';
import type { ImpactClient } from '../src/impact/client.js';
import { PermanentImpactError, RetryableImpactError } from '../src/impact/errors.js';

/** @throws ApplicationFailure `provider_not_configured`: without credentials the worker cannot ask Impact about it */
export function requireImpact(impact: ImpactClient | null): ImpactClient {
  if (impact) return impact;
  throw ApplicationFailure.nonRetryable('This worker has no Impact credentials.', 'provider_not_configured');
}

/** The request was written, and no answer came that says what became of it. */
export function isAmbiguous(error: unknown): error is RetryableImpactError {
  return error instanceof RetryableImpactError && !error.notTaken;
}

/** Where Impact's errors become Temporal's: the workflow sees a code and whether to go on, never an HTTP status. */
export function toApplicationFailure(error: unknown, attempt: number): unknown {
  if (error instanceof PermanentImpactError) {
    return ApplicationFailure.create({
      type: error.code,
      message: error.message,
      nonRetryable: true,
      details: [attemptDetails(error, attempt)],
      cause: error,
    });
  }
  if (error instanceof RetryableImpactError) {
    const delay =
      error.retryAfterMs === undefined ? undefined : Math.max(error.retryAfterMs, backoffMs(attempt));
    return ApplicationFailure.create({
      type: error.code,
      message: error.message,
      details: [attemptDetails(error, attempt)],
      cause: error,
      ...(delay === undefined ? {} : { nextRetryDelay: delay }),
    });
  }
  return error;
}

/** Impact's wait never shortens the ordinary backoff, or a limit of seconds would use the attempts up in minutes. */
function backoffMs(attempt: number): number {
  return Math.min(1_000 * 2 ** (attempt - 1), 15 * 60_000);
}

function attemptDetails(error: PermanentImpactError | RetryableImpactError, attempt: number): AttemptDetails {
  return {
    attempt,
    at: new Date().toISOString(),
    ...(error.httpStatus === undefined ? {} : { httpStatus: error.httpStatus }),
    ...(error.fields.length === 0 ? {} : { fields: error.fields }),
  };
}
