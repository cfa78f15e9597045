import { type DestinationStream, type Logger, pino } from 'pino';
import { createRedact } from './redact.js';
import { workFields } from './tracing/work-context.js';

export type { Logger };

/**
 * Writes JSON lines. A line names the conversion that it concerns, and contains no credential or token.
 * @param options `secrets` of this process are removed from every line; `destination` is standard output by default
 */
export function createLogger(
  level: string,
  options: { secrets?: readonly string[]; destination?: DestinationStream } = {},
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
      mixin: () => workFields(),
      hooks: { streamWrite: createRedact(options.secrets ?? []) },
    },
    options.destination ?? pino.destination(1),
  );
}

/** The fields that a reader needs: drivers attach their whole state to their errors. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, code, stack, cause } = error as Error & { code?: unknown };
  return { type: name, message, code, stack, cause: cause instanceof Error ? cause.message : undefined };
}
