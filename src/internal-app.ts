import type { ErrorRequestHandler, Express, RequestHandler } from 'express';
import { exactApp } from './exact-paths.js';
import type { Logger } from './logger.js';

/** The app of an internal port: health, metrics. It answers errors as text, because probes and humans read them. */
export function createInternalApp(logger: Logger, ...handlers: readonly RequestHandler[]): Express {
  const answerError: ErrorRequestHandler = (error, _request, response, next) => {
    if (response.headersSent) return next(error);
    const { status = 500, message } = error as { status?: number; message: string };
    if (status >= 500) logger.error({ err: error, code: 'internal_error' }, message);
    response
      .status(status)
      .type('text')
      .send(status < 500 ? `${message}\n` : 'This failed. The log says why.\n');
  };
  return exactApp()
    .use((_request, response, next) => {
      response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
      next();
    })
    .use([...handlers])
    .use((_request, response) => {
      response.status(404).type('text').send('There is no such path.\n');
    })
    .use(answerError);
}
