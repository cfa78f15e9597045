import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { AttemptDetails } from '../activities/impact-failure.js';

/** Why an activity gave up. `reason` is a stable code. */
export interface Failure {
  reason: string;
  message: string;
  lastAttempt?: AttemptDetails;
}

/** What the workflow itself found to be beyond it. */
export class CannotGoOn extends Error {
  override readonly name = 'CannotGoOn';
  readonly failure: Failure;

  constructor(reason: string, message: string) {
    super(message);
    this.failure = { reason, message };
  }
}

/** @throws whatever is neither an activity's failure nor foreseen: it is a bug, and belongs to the workflow task */
export function toFailure(error: unknown): Failure {
  if (error instanceof CannotGoOn) return error.failure;
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) return fromApplicationFailure(cause);
  if (cause instanceof TimeoutFailure) {
    return {
      reason: 'worker_timeout',
      message: 'No worker finished the attempt in time; it may have arrived.',
    };
  }
  return { reason: 'unexpected_error', message: cause?.message ?? error.message };
}

function fromApplicationFailure({ type, message, details }: ApplicationFailure): Failure {
  const lastAttempt = details?.[0] as AttemptDetails | undefined;
  return {
    // Our own codes are in snake case; a type in another case is the class of an error nobody foresaw.
    reason: type && /^[a-z_]+$/.test(type) ? type : 'unexpected_error',
    message,
    ...(lastAttempt ? { lastAttempt } : {}),
  };
}
