import { failureCode, type Tracing } from './tracing.js';
import { currentTraceparent } from './work-context.js';

/**
 * A span for each request to Impact that belongs to a trace. Impact gets no `traceparent`: it could do nothing with
 * it, and what the company's systems look like from inside is none of its business.
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

/** `Conversions`: the account before it is half of the credentials, and what follows are ids. */
function resourceOf({ pathname }: URL): string {
  return /\/Advertisers\/[^/]+\/(\w+)/.exec(pathname)?.[1] ?? 'Impact';
}
