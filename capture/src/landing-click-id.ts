import type { NextRequest } from 'next/server.js';
import { readClickId } from './click-id.js';
import type { AffiliateTrackingOptions } from './next.js';

/** The click id with which a visitor opens a page, if they agree. */
export function landingClickId(
  request: NextRequest,
  { consent, ...options }: AffiliateTrackingOptions,
): string | undefined {
  const clickId = readClickId(request.nextUrl.href, options);
  if (!clickId || !opensPage(request)) return undefined;
  return !consent || consent(request) === true ? clickId : undefined;
}

/** What Next and browsers send for data, and for pages that nobody has opened yet. */
const NOT_A_VISIT = ['next-router-prefetch', 'next-url', 'rsc', 'x-middleware-prefetch', 'x-nextjs-data'];

/** Next hides most of its own headers from a proxy, but not what the browser says of the request. */
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
