import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { AttemptDetails } from '../src/domain/workflow-names.js';
import type { ImpactClient } from '../src/impact/client.js';
import { PermanentImpactError, RetryableImpactError } from '../src/impact/errors.js';

/** @throws ApplicationFailure `provider_not_configured`: without credentials the worker cannot ask Impact about it */
export function requireImpact(impact: ImpactClient | null): ImpactClient {
  if (impact) return impact;
  throw ApplicationFailure.nonRetryable('This worker has no Impact credentials.', 'provider_not_configured');
}

/** @throws ApplicationFailure where Impact refuses it or cannot be asked */
export async function askImpact<T>(impact: ImpactClient | null, ask: (client: ImpactClient) => Promise<T>) {
  const client = requireImpact(impact);
  try {
    return await ask(client);
  } catch (error) {
    throw toApplicationFailure(error);
  }
}

/** The request was written, and no answer came that says what became of it. */
export function isAmbiguous(error: unknown): error is RetryableImpactError {
  return error instanceof RetryableImpactError && !error.notTaken;
}

/** Where Impact's errors become Temporal's: the workflow sees a code and whether to go on, never an HTTP status. */
export function toApplicationFailure(error: unknown): unknown {
  if (!(error instanceof PermanentImpactError || error instanceof RetryableImpactError)) return error;
  const { code, message, httpStatus, fields } = error;
  const { attempt } = activityInfo();
  const details: AttemptDetails = {
    attempt,
    at: new Date().toISOString(),
    ...(httpStatus !== undefined && { httpStatus }),
    ...(fields.length > 0 && { fields }),
  };
  const nonRetryable = error instanceof PermanentImpactError;
  const retryAfterMs = nonRetryable ? undefined : error.retryAfterMs;
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable,
    details: [details],
    cause: error,
    ...(retryAfterMs !== undefined && { nextRetryDelay: Math.max(retryAfterMs, backoffMs(attempt)) }),
  });
}

/** Impact's wait never shortens the ordinary backoff, or a limit of seconds would use the attempts up in minutes. */
function backoffMs(attempt: number): number {
  return Math.min(1_000 * 2 ** (attempt - 1), 15 * 60_000);
}
