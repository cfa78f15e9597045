import { NextRequest } from 'next/server.js';

/** Returns a request as a browser sends it for a page. */
export function landingRequest(url: string, headers: Record<string, string> = {}): NextRequest {
  return new NextRequest(url, { headers: { 'sec-fetch-dest': 'document', accept: 'text/html', ...headers } });
}

/**
 * Returns the request that server components see after the proxy's response. Next builds it from the response headers:
 * https://github.com/vercel/next.js/blob/v16.0.0/packages/next/src/server/lib/router-utils/resolve-routes.ts
 */
export function renderedRequest(request: NextRequest, received: Headers, response: Response): NextRequest {
  const overridden = response.headers.get('x-middleware-override-headers')?.split(',');
  if (!overridden) return new NextRequest(request.url, { headers: received });
  const headers = new Headers();
  for (const name of overridden) {
    const value = response.headers.get(`x-middleware-request-${name}`);
    if (value !== null) headers.set(name, value);
  }
  return new NextRequest(request.url, { headers });
}
