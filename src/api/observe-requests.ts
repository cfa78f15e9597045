import type { RequestHandler } from 'express';
import type { Metrics } from '../metrics.js';

/** Times each request by the template of its route: paths contain ids, and would make endless label values. */
export function observeRequests({ apiRequestSeconds }: Metrics): RequestHandler {
  return (request, response, next) => {
    const stopTimer = apiRequestSeconds.startTimer();
    response.once('close', () => {
      stopTimer({
        method: request.method,
        route: request.route?.path ?? 'none',
        status: response.writableFinished ? String(response.statusCode) : 'aborted',
      });
    });
    next();
  };
}
