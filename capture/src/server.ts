import { AFFILIATE_COOKIE, AFFILIATE_HEADER, parseClickId } from './click-id.js';
import { readClickIdCookie } from './cookie.js';

/** A request's cookies: what Next's `await cookies()` answers, and others' like it, or the `Cookie` header itself. */
export type RequestCookies =
  | { get(name: string): { value: string } | string | null | undefined }
  | string
  | null
  | undefined;

/**
 * The headers that pass the visitor's click id on to the API, for a call that the website's server makes; none, if
 * there is no click id.
 *
 * @throws TypeError for cookies that cannot be read, such as Next's `cookies()` without `await`
 * @example
 * const response = await fetch(`${process.env.API_URL}/v1/me`, {
 *   headers: { Authorization: `Bearer ${token}`, ...affiliateHeaders(await cookies()) },
 * });
 */
export function affiliateHeaders(cookies: RequestCookies): Record<string, string> {
  const clickId = typeof cookies === 'string' ? readClickIdCookie(cookies) : fromStore(cookies);
  return clickId ? { [AFFILIATE_HEADER]: clickId } : {};
}

function fromStore(cookies: Exclude<RequestCookies, string>): string | undefined {
  if (!cookies) return undefined;
  if (typeof cookies.get !== 'function') {
    throw new TypeError('affiliate-capture: these are no cookies; in Next.js pass await cookies()');
  }
  const cookie = cookies.get(AFFILIATE_COOKIE);
  return parseClickId(typeof cookie === 'object' ? cookie?.value : cookie);
}
