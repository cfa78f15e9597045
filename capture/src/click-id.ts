import { checkInDevelopment, type ParamOptions } from './options.js';

/** Name of the cookie that keeps the click id, and of the query parameter that brings it. Impact uses this name. */
export const AFFILIATE_COOKIE = 'im_ref';

/** A website's server sends the click id to the API in this request header. */
export const AFFILIATE_HEADER = 'X-Affiliate-Click-Id';

/** The API has the same rule and gives the reasons: `src/domain/attribution.ts`. */
const CLICK_ID = /^[!#-+\--:<-[\]-~]{1,64}$/;

/**
 * Returns the value if it is a click id: 1 to 64 printable ASCII characters without space, comma, semicolon, double quote
 * and backslash. Pass a decoded value; this function does not decode. It never throws.
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
 * Returns the click id in the query of an absolute or relative URL, decoded once. It never throws because of the URL.
 *
 * @throws TypeError for an invalid option, except in production
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
