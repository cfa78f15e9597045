import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import { cut } from '../src/domain/foreign-text.js';
import type { AttemptDetails, Failure } from '../src/domain/workflow-names.js';

/** The workflow itself found that a step cannot go on. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** @throws any error that is neither an activity's failure nor foreseen: it is a bug, and fails the workflow task */
export function toFailure(error: unknown): Failure {
  if (error instanceof StepFailed) return error.failure;
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof ApplicationFailure) return fromApplicationFailure(cause);
  const message = 'No worker finished the attempt in time; it may have arrived.';
  if (cause instanceof TimeoutFailure) return { reason: 'worker_timeout', message };
  return { reason: 'unexpected_error', message: cut(cause?.message ?? error.message) };
}

function fromApplicationFailure({ type, message, details }: ApplicationFailure): Failure {
  return {
    // Our own codes are in snake case; a type in another case is the class of an unforeseen error.
    reason: type && /^[a-z_]+$/.test(type) ? type : 'unexpected_error',
    // The message of an unforeseen error is of any length.
    message: cut(message),
    lastAttempt: details?.[0] as AttemptDetails | undefined,
  };
}
