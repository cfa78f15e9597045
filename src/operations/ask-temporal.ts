import { type Client, isGrpcServiceError } from '@temporalio/client';

const DEADLINE_MS = 10_000;

const GRPC = { deadlineExceeded: 4, notFound: 5, resourceExhausted: 8, unimplemented: 12, unavailable: 14 };

/** What Temporal answered instead, in words for whoever asked. `code` is gRPC's. */
export class TemporalError extends Error {
  override readonly name = 'TemporalError';
  readonly code: number;

  constructor(code: number, message: string, options: { cause: unknown }) {
    super(message, options);
    this.code = code;
  }

  get isOutOfReach(): boolean {
    return this.code === GRPC.deadlineExceeded || this.code === GRPC.unavailable;
  }

  get isBusy(): boolean {
    return this.code === GRPC.resourceExhausted;
  }

  get isUnknownToServer(): boolean {
    return this.code === GRPC.unimplemented;
  }
}

/**
 * One question to Temporal, which is an answer or an error within seconds.
 * @throws TemporalError
 */
export async function askTemporal<T>(temporal: Client, question: () => Promise<T>): Promise<T> {
  try {
    return await temporal.withDeadline(Date.now() + DEADLINE_MS, question);
  } catch (error) {
    const cause = grpcErrorOf(error);
    if (!cause) throw error;
    const isOutOfReach = cause.code === GRPC.deadlineExceeded || cause.code === GRPC.unavailable;
    const message = isOutOfReach
      ? 'Temporal does not answer. Check TEMPORAL_ADDRESS.'
      : `Temporal refused: ${cause.details}`;
    throw new TemporalError(cause.code, message, { cause: error });
  }
}

function grpcErrorOf(error: unknown) {
  if (isGrpcServiceError(error)) return error;
  const { cause } = error as { cause?: unknown };
  return isGrpcServiceError(cause) ? cause : undefined;
}
