import { type Logger, pino } from 'pino';

export type { Logger };

/** JSON lines on standard output. Credentials and tokens never reach it, wherever they hide in an object. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    redact: {
      paths: [
        '*.authorization',
        '*.authToken',
        '*.credentials',
        'req.headers.authorization',
        'req.headers.cookie',
      ],
      censor: '[redacted]',
    },
  });
}

/** What a reader needs: drivers hang their whole state onto their errors. */
function describeError(error: Error & { code?: unknown }): Record<string, unknown> {
  const { name, message, code, stack, cause } = error;
  return { type: name, message, code, stack, cause: cause instanceof Error ? cause.message : undefined };
}
