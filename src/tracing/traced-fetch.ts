import { during, httpOutcome, type Tracing } from './tracing.js';
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
      // Without the account, which is half of the credentials, and the ids behind the resource.
      name: `${method} ${/\/Advertisers\/[^/]+\/(\w+)/.exec(url.pathname)?.[1] ?? 'Impact'}`,
      kind: 'CLIENT',
      parent,
      attributes: { 'http.request.method': method, 'server.address': url.hostname },
    });
    return during(
      span,
      () => send(input, init),
      ({ status }) => httpOutcome(status, 400),
    );
  };
}
