import { type DestinationStream, type Logger, pino } from 'pino';
import { cut, escapeInJson } from './domain/foreign-text.js';
import { createRedact } from './redact.js';
import { workFields } from './tracing/work-context.js';

export type { Logger };

/**
 * Writes JSON lines. A line names the conversion that it concerns, and contains no credential or token, and no character
 * that a terminal obeys.
 * @param options `secrets` of this process are removed from every line; `destination` is standard output by default
 */
export function createLogger(
  level: string,
  options: { secrets?: readonly string[]; destination?: DestinationStream } = {},
): Logger {
  const redact = createRedact(options.secrets ?? []);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
      mixin: () => workFields(),
      hooks: { streamWrite: (line) => escapeInJson(redact(line)) },
    },
    options.destination ?? pino.destination(1),
  );
}

const MAX_MESSAGE = 2_000;
const MAX_STACK = 8_000;

/** The fields that a reader needs: drivers attach their whole state to their errors, and quote what they could not read. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, code, stack = '', cause } = error as Error & { code?: unknown };
  // A call of Temporal: its own words say everything, and the stack is its client's.
  if (isOfGrpc(error)) return { type: name, message: cut(message, MAX_MESSAGE), code };
  if (isOfGrpc(cause)) return { type: name, message: cut(`${message}: ${cause.message}`, MAX_MESSAGE), code };
  const short = cut(message, MAX_MESSAGE);
  return {
    type: name,
    message: short,
    code,
    // The stack begins with the message.
    stack: cut(
      stack.replace(message, () => short),
      MAX_STACK,
    ),
    cause: cause instanceof Error ? cut(cause.message, MAX_MESSAGE) : undefined,
  };
}

function isOfGrpc(error: unknown): error is Error {
  return error instanceof Error && 'details' in error && typeof error.details === 'string';
}
