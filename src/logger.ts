import { type DestinationStream, type Logger, pino } from 'pino';
import { createRedact } from './redact.js';
import { workFields } from './tracing/work-context.js';

export type { Logger };

export interface LoggerOptions {
  /** The process's own: their values are taken out of every line. */
  secrets?: readonly string[];
  /** Standard output, unless said. */
  destination?: DestinationStream;
}

/** JSON lines. Each says which conversion it concerns, and none holds a credential or a token. */
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

/** What a reader needs: drivers hang their whole state onto their errors. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, code, stack, cause } = error as Error & { code?: unknown };
  return { type: name, message, code, stack, cause: cause instanceof Error ? cause.message : undefined };
}
