import { AFFILIATE_COOKIE, AFFILIATE_HEADER, parseClickId } from './click-id.js';
import { readClickIdCookie } from './cookie.js';

/** A request's cookies: Next's `await cookies()`, a similar store of another framework, or the `Cookie` header. */
export type RequestCookies =
  | { get(name: string): { value: string } | string | null | undefined }
  | string
  | null
  | undefined;

/**
 * Returns the headers with which the website's server sends the visitor's click id to the API, or `{}` if there is no
 * click id.
 *
 * @throws TypeError for an argument that holds no cookies, such as Next's `cookies()` without `await`
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
    throw new TypeError('affiliate-capture: the argument holds no cookies; in Next.js, pass await cookies()');
  }
  const cookie = cookies.get(AFFILIATE_COOKIE);
  return parseClickId(typeof cookie === 'object' ? cookie?.value : cookie);
}
