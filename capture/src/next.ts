import { type NextMiddleware, type NextRequest, NextResponse } from 'next/server.js';
import { parseClickId, readParam } from './click-id.js';
import { warnOfPublicSuffix } from './domain.js';
import { type IgnoredOptions, ignoredAmong, tell } from './ignored.js';
import { type CookieOptions, checkOptions, type ParamOptions } from './options.js';
import { putIntoRequest, storeClickId } from './store-click-id.js';

export interface AffiliateTrackingOptions extends ParamOptions, CookieOptions, IgnoredOptions {
  /** Returns whether the visitor agreed. For anything but `true`, the proxy stores and forwards nothing. */
  consent?: ((request: NextRequest) => boolean) | undefined;
}

/**
 * Stores the click id of a landing request in a cookie of the response, for 30 days, and passes it to the server
 * components that render this same request. The response becomes `Cache-Control: private, no-store`. Use the function in a
 * proxy that makes its own response: call it last, and return its result. If the request has no click id, the response
 * stays unchanged, so that caches may keep it.
 *
 * @throws TypeError for an invalid option
 * @example
 * export default function proxy(request: NextRequest) {
 *   const response = NextResponse.next();
 *   return setAffiliateTrackingCookie(request, response);
 * }
 */
export function setAffiliateTrackingCookie<R extends Response>(
  request: NextRequest,
  response: R,
  options: AffiliateTrackingOptions = {},
): R {
  checkProxyOptions(options);
  const clickId = landingClickId(request, options);
  return clickId === undefined ? response : storeClickId(request, response, clickId, options);
}

/**
 * Wraps a proxy: Clerk's, Auth.js's, next-intl's or your own. The wrapper runs it and then does the work of
 * `setAffiliateTrackingCookie`. The wrapped proxy already finds the click id among the request's cookies.
 *
 * @throws TypeError for an invalid option, at once and not at the first request
 * @example
 * import { clerkMiddleware } from '@clerk/nextjs/server';
 * import { withAffiliateTracking } from 'affiliate-capture/next';
 *
 * export default withAffiliateTracking(clerkMiddleware());
 */
export function withAffiliateTracking(
  handler: NextMiddleware,
  options?: AffiliateTrackingOptions,
): NextMiddleware;
/** Auth.js's `auth` is a proxy as well, but the first overloads of its type describe its other uses. */
export function withAffiliateTracking(
  handler: (...args: never[]) => unknown,
  options?: AffiliateTrackingOptions,
): NextMiddleware;
export function withAffiliateTracking(
  handler: (...args: never[]) => unknown,
  options: AffiliateTrackingOptions = {},
): NextMiddleware {
  checkProxyOptions(options);
  const proxy = handler as NextMiddleware;
  return async (request, event) => {
    const clickId = landingClickId(request, options);
    if (clickId === undefined) return proxy(request, event);
    // The cookie must be set before the handler runs, as most handlers forward a copy of the request's headers.
    putIntoRequest(request, clickId);
    const response = (await proxy(request, event)) ?? NextResponse.next();
    return storeClickId(request, response, clickId, options);
  };
}

/**
 * A complete proxy, for a site that has none.
 *
 * @throws TypeError for an invalid option
 * @example
 * import { affiliateProxy } from 'affiliate-capture/next';
 *
 * export default affiliateProxy();
 * // All pages, also `/` below a `basePath` or a locale and pages with a dot; no files.
 * export const config = {
 *   matcher: [
 *     '/',
 *     '/((?!_next/|.*\\.(?:avif|css|gif|ico|jpe?g|js(?:on)?|map|mp4|pdf|png|svg|ttf|txt|web(?:m|p|manifest)|woff2?|xml)$).*)',
 *   ],
 * };
 */
export function affiliateProxy(options?: AffiliateTrackingOptions): NextMiddleware {
  return withAffiliateTracking(() => NextResponse.next(), options);
}

function checkProxyOptions(options: AffiliateTrackingOptions): void {
  checkOptions(options);
  warnOfPublicSuffix(options.domain);
}

/** Returns the click id of a request that opens a page, if the visitor consents. */
function landingClickId(request: NextRequest, options: AffiliateTrackingOptions): string | undefined {
  const { consent } = options;
  const values = readParam(request.nextUrl.href, options);
  if (values.length === 0 || !opensPage(request)) return undefined;
  const clickId = values.find(parseClickId);
  const isRefused = clickId !== undefined && consent !== undefined && consent(request) !== true;
  tell(options, isRefused ? 'no_consent' : ignoredAmong(values));
  return isRefused ? undefined : clickId;
}

/** Next and browsers send these headers when they request data, or fetch a page before the visitor opens it. */
const NOT_A_VISIT = ['next-router-prefetch', 'next-url', 'rsc', 'x-middleware-prefetch', 'x-nextjs-data'];

/** Next hides most of its own headers from a proxy, but keeps the browser's headers that describe the request. */
function opensPage({ method, headers }: NextRequest): boolean {
  const purpose = headers.get('sec-purpose') ?? headers.get('purpose') ?? '';
  const destination = headers.get('sec-fetch-dest') ?? 'document';
  // A service worker that answers a navigation with `fetch(event.request)` changes its destination, and keeps its mode.
  const isForwarded = destination === 'empty' && headers.get('sec-fetch-mode') === 'navigate';
  return (
    method === 'GET' &&
    (destination === 'document' || isForwarded) &&
    !purpose.includes('prefetch') &&
    !NOT_A_VISIT.some((name) => headers.has(name))
  );
}
