import { type DestinationStream, type Logger, pino } from 'pino';
import { createRedact } from './redact.js';
import { workFields } from './tracing/work-context.js';

export type { Logger };

export interface LoggerOptions {
  /** Secrets of this process, removed from every line. */
  secrets?: readonly string[];
  /** Standard output by default. */
  destination?: DestinationStream;
}

/** Writes JSON lines. A line names the conversion that it concerns, and contains no credential or token. */
export function createLogger(level: string, { secrets = [], destination }: LoggerOptions = {}): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
      mixin: () => workFields(),
      hooks: { streamWrite: createRedact(secrets) },
    },
    destination ?? pino.destination(1),
  );
}

/** The fields that a reader needs: drivers attach their whole state to their errors. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, code, stack, cause } = error as Error & { code?: unknown };
  return { type: name, message, code, stack, cause: cause instanceof Error ? cause.message : undefined };
}
