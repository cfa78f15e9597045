import { checkInDevelopment, type ParamOptions } from './options.js';

/** The cookie that keeps the click id, and the query parameter in which it arrives: Impact's own name for it. */
export const AFFILIATE_COOKIE = 'im_ref';

/** The request header in which a website's server passes the click id on to its API. */
export const AFFILIATE_HEADER = 'X-Affiliate-Click-Id';

/**
 * Impact allows 64 characters, and real ids hold more kinds of them than letters and digits, so all printable ASCII
 * counts. Not a space at either end: an HTTP header loses it on the way, and another id would arrive.
 * https://integrations.impact.com/impact-brand/reference/the-conversion-object
 */
const CLICK_ID = /^[!-~]([ -~]{0,62}[!-~])?$/;

/**
 * The value if it is a click id: 1 to 64 printable ASCII characters, case-sensitive, with no space at either end.
 * It is not decoded: give it the value as it is after decoding. Never throws.
 *
 * @example
 * parseClickId('3t6RuJ:x0-xyNWQ'); // '3t6RuJ:x0-xyNWQ'
 * parseClickId('');                // undefined
 * parseClickId('a'.repeat(65));    // undefined
 * parseClickId(null);              // undefined
 */
export function parseClickId(value: unknown): string | undefined {
  return typeof value === 'string' && CLICK_ID.test(value) ? value : undefined;
}

/**
 * The click id in a URL's query, absolute or relative, decoded once. No URL makes it throw.
 *
 * @throws TypeError for a wrong option, except in production
 * @example
 * readClickId('https://example.com/?im_ref=3t6RuJ%3Ax0');           // '3t6RuJ:x0'
 * readClickId('/pricing?irclickid=a', { param: 'irclickid' });      // 'a'
 * readClickId('/?clickid=b', { param: ['im_ref', 'clickid'] });     // 'b'
 * readClickId('/pricing');                                          // undefined
 */
export function readClickId(url: string | URL, options: ParamOptions = {}): string | undefined {
  checkInDevelopment(options);
  const { param = AFFILIATE_COOKIE } = options;
  const query = new URLSearchParams(/^[^#]*?\?([^#]*)/.exec(String(url))?.[1]);
  return [param]
    .flat()
    .flatMap((name) => query.getAll(name))
    .find(parseClickId);
}
