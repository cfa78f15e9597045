import { AFFILIATE_COOKIE, AFFILIATE_HEADER, parseClickId } from './click-id.js';
import { readClickIdCookie } from './cookie.js';
import { type IgnoredOptions, tell } from './ignored.js';
import { checkInDevelopment } from './options.js';

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
export function affiliateHeaders(
  cookies: RequestCookies,
  options: IgnoredOptions = {},
): Record<string, string> {
  checkInDevelopment(options);
  const isHeader = typeof cookies === 'string';
  const stored = isHeader ? IN_HEADER.exec(cookies)?.[1] : fromStore(cookies);
  const clickId = isHeader ? readClickIdCookie(cookies) : parseClickId(stored);
  if (clickId) return { [AFFILIATE_HEADER]: clickId };
  if (stored) tell(options, 'malformed_cookie');
  return {};
}

/** With a value: an empty cookie has been cleared. */
const IN_HEADER = new RegExp(`(?:^|; )${AFFILIATE_COOKIE}=([^;]+)`);

function fromStore(cookies: Exclude<RequestCookies, string>): string | null | undefined {
  if (!cookies) return undefined;
  if (typeof cookies.get !== 'function') {
    throw new TypeError('affiliate-capture: the argument holds no cookies; in Next.js, pass await cookies()');
  }
  const cookie = cookies.get(AFFILIATE_COOKIE);
  return typeof cookie === 'object' ? cookie?.value : cookie;
}
