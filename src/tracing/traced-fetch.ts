import { failureCode, type Tracing } from './tracing.js';
import { currentTraceparent } from './work-context.js';

/**
 * Creates a span for each request to Impact that belongs to a trace. Impact gets no `traceparent`: it could not use it,
 * and it must not learn how the company's systems work together.
 */
export function tracedFetch(tracing: Tracing, send: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const parent = currentTraceparent();
    if (parent === undefined) return send(input, init);
    const method = init?.method ?? 'GET';
    const url = new URL(input instanceof Request ? input.url : input);
    const span = tracing.startSpan({
      name: `${method} ${resourceOf(url)}`,
      kind: 'client',
      parent,
      attributes: { 'http.request.method': method, 'server.address': url.hostname },
    });
    try {
      const response = await send(input, init);
      span.end({
        attributes: { 'http.response.status_code': response.status },
        failure: response.status >= 400 ? String(response.status) : undefined,
      });
      return response;
    } catch (error) {
      span.end({ failure: failureCode(error) });
      throw error;
    }
  };
}

/** `Conversions`, without the account before it, which is half of the credentials, and the ids behind it. */
function resourceOf({ pathname }: URL): string {
  return /\/Advertisers\/[^/]+\/(\w+)/.exec(pathname)?.[1] ?? 'Impact';
}
