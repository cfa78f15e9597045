import { type NextMiddleware, type NextRequest, NextResponse } from 'next/server.js';
import { landingClickId } from './landing-click-id.js';
import { type CookieOptions, checkOptions, type ParamOptions } from './options.js';
import { putIntoRequest, storeClickId } from './store-click-id.js';

export interface AffiliateTrackingOptions extends ParamOptions, CookieOptions {
  /** Says whether the visitor agreed. Anything but `true`: nothing is stored, and nothing passed on. */
  consent?: ((request: NextRequest) => boolean) | undefined;
}

/**
 * Stores the click id of a landing request in the response's cookie, for 30 days, and shows it to the server components
 * that render this same request. For a proxy that makes its own response; call it last, and return what it returns.
 * A request without a click id leaves the response as it is, so that caches may keep it.
 *
 * @throws TypeError for a wrong option
 * @example
 * export function proxy(request: NextRequest) {
 *   const response = NextResponse.next();
 *   return setAffiliateTrackingCookie(request, response);
 * }
 */
export function setAffiliateTrackingCookie<R extends Response>(
  request: NextRequest,
  response: R,
  options: AffiliateTrackingOptions = {},
): R {
  checkOptions(options);
  const clickId = landingClickId(request, options);
  return clickId === undefined ? response : storeClickId(request, response, clickId, options);
}

/**
 * A proxy that does what `setAffiliateTrackingCookie` does after the one given: Clerk's, Auth.js's, next-intl's or your
 * own, which sees the click id among the request's cookies already.
 *
 * @throws TypeError for a wrong option, at once and not with the first request
 * @example
 * import { clerkMiddleware } from '@clerk/nextjs/server';
 * import { withAffiliateTracking } from 'affiliate-capture/next';
 *
 * export const proxy = withAffiliateTracking(clerkMiddleware());
 */
export function withAffiliateTracking(
  handler: NextMiddleware,
  options?: AffiliateTrackingOptions,
): NextMiddleware;
/** Auth.js's `auth` is a proxy as well, but its types call it other things first. */
export function withAffiliateTracking(
  handler: (...args: never[]) => unknown,
  options?: AffiliateTrackingOptions,
): NextMiddleware;
export function withAffiliateTracking(
  handler: (...args: never[]) => unknown,
  options: AffiliateTrackingOptions = {},
): NextMiddleware {
  checkOptions(options);
  const proxy = handler as NextMiddleware;
  return async (request, event) => {
    const clickId = landingClickId(request, options);
    if (clickId === undefined) return proxy(request, event);
    // Before the handler runs: most forward a copy of the request's headers.
    putIntoRequest(request, clickId);
    const response = (await proxy(request, event)) ?? NextResponse.next();
    return storeClickId(request, response, clickId, options);
  };
}

/**
 * The whole proxy, for a site that has none.
 *
 * @throws TypeError for a wrong option
 * @example
 * import { affiliateProxy } from 'affiliate-capture/next';
 *
 * export const proxy = affiliateProxy();
 * export const config = { matcher: '/((?!_next/|.*\\.).*)' };
 */
export function affiliateProxy(options?: AffiliateTrackingOptions): NextMiddleware {
  return withAffiliateTracking(() => NextResponse.next(), options);
}
