import type { RequestHandler } from 'express';
import type { Tracing } from '../tracing/tracing.js';
import { inSpanContext } from '../tracing/work-context.js';

/** Creates a span for each request of the route, in the caller's trace if the request names one. */
export function traceRequests(
  tracing: Tracing,
  { method, path }: { method: string; path: string },
): RequestHandler {
  return (request, response, next) => {
    const span = tracing.startSpan({
      name: `${method.toUpperCase()} ${path}`,
      kind: 'server',
      parent: request.get('traceparent'),
      attributes: { 'http.request.method': method.toUpperCase(), 'http.route': path },
    });
    response.once('close', () => {
      const status = response.statusCode;
      span.end({
        attributes: { 'http.response.status_code': status },
        failure: status >= 500 ? String(status) : undefined,
      });
    });
    inSpanContext(span.traceparent, next);
  };
}
