import type { NextRequest } from 'next/server.js';
import { readClickId } from './click-id.js';
import type { AffiliateTrackingOptions } from './next.js';

/** Returns the click id of a request that opens a page, if the visitor consents. */
export function landingClickId(
  request: NextRequest,
  { consent, ...options }: AffiliateTrackingOptions,
): string | undefined {
  const clickId = readClickId(request.nextUrl.href, options);
  if (!clickId || !opensPage(request)) return undefined;
  return !consent || consent(request) === true ? clickId : undefined;
}

/** Next and browsers send these headers when they request data, or fetch a page before the visitor opens it. */
const NOT_A_VISIT = ['next-router-prefetch', 'next-url', 'rsc', 'x-middleware-prefetch', 'x-nextjs-data'];

/** Next hides most of its own headers from a proxy, but keeps the browser's headers that describe the request. */
function opensPage({ method, headers }: NextRequest): boolean {
  const purpose = headers.get('sec-purpose') ?? headers.get('purpose') ?? '';
  const destination = headers.get('sec-fetch-dest') ?? 'document';
  return (
    method === 'GET' &&
    destination === 'document' &&
    !purpose.includes('prefetch') &&
    !NOT_A_VISIT.some((name) => headers.has(name))
  );
}
