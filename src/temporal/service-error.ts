import { isGrpcServiceError, NamespaceNotFoundError, ServiceError } from '@temporalio/client';
import { DomainError } from '../domain/errors.js';

/** Temporal's own error, which its client wraps into one such as "Failed to start Workflow". */
function grpcErrorOf(error: unknown) {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) ? cause : undefined;
}

const GRPC_CODES = {
  invalid_argument: 3,
  deadline_exceeded: 4,
  permission_denied: 7,
  resource_exhausted: 8,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** Temporal answered, with this. */
export function hasGrpcCode(error: unknown, ...codes: (keyof typeof GRPC_CODES)[]): boolean {
  const code = grpcErrorOf(error)?.code;
  return codes.some((name) => code === GRPC_CODES[name]);
}

/** Temporal did not answer: nothing is known to be wrong with the request. */
export function isUnavailable(error: unknown): boolean {
  return hasGrpcCode(error, 'deadline_exceeded', 'unavailable');
}

/**
 * Temporal refuses this one start, and would refuse it again, as for a workflow id that is too long. A namespace without
 * our search attributes answers with the same code. That concerns every start, and it ends when an operator creates them.
 * @returns the error to throw instead
 */
export function startError(error: unknown): unknown {
  const cause = grpcErrorOf(error);
  if (!cause || !hasGrpcCode(cause, 'invalid_argument') || /search attribute/i.test(cause.details))
    return error;
  const words = cause.details.replace(/\.?$/, '.');
  return new DomainError('start_refused', `Temporal refuses its workflow: ${words}`, { cause });
}

/** A start failed for a reason that has nothing to do with its conversion: others would fail as well. */
export function concernsEveryStart(error: unknown): boolean {
  if (error instanceof NamespaceNotFoundError || isUnavailable(error)) return true;
  // The last one is a search attribute that the namespace lacks: `startError` has turned any other into a refusal.
  return hasGrpcCode(error, 'permission_denied', 'unauthenticated', 'resource_exhausted', 'invalid_argument');
}

export function isStartRefused(error: unknown): error is DomainError {
  return error instanceof DomainError && error.code === 'start_refused';
}

/** Temporal answered with an error, or did not answer. */
export function isTemporalError(error: unknown): boolean {
  return (
    error instanceof ServiceError || error instanceof NamespaceNotFoundError || isGrpcServiceError(error)
  );
}
