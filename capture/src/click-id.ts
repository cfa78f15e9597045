import { checkInDevelopment, type ParamOptions } from './options.js';

/** Name of the cookie that keeps the click id, and of the query parameter that brings it. Impact uses this name. */
export const AFFILIATE_COOKIE = 'im_ref';

/** A website's server sends the click id to the API in this request header. */
export const AFFILIATE_HEADER = 'X-Affiliate-Click-Id';

/** The API has both rules and gives the reasons: `src/domain/attribution.ts`. */
const CLICK_ID = /^[!#-+\--:<-[\]-~]{1,64}$/;
const UNREPLACED_MACRO = /^(\$?\{.*\}|\[.*\]|%%.*%%|__[A-Z\d_]+__)$/;

/**
 * Returns the value if it is a click id: 1 to 64 printable ASCII characters without space, comma, semicolon, double quote
 * and backslash, and no macro that the partner's link did not replace. Pass a decoded value; this function does not decode.
 * It never throws.
 *
 * @example
 * parseClickId('3t6RuJ:x0-xyNWQ'); // '3t6RuJ:x0-xyNWQ'
 * parseClickId('');                // undefined
 * parseClickId('a'.repeat(65));    // undefined
 * parseClickId('{clickid}');       // undefined
 * parseClickId(null);              // undefined
 */
export function parseClickId(value: unknown): string | undefined {
  return typeof value === 'string' && CLICK_ID.test(value) && !isUnreplacedMacro(value) ? value : undefined;
}

export const isUnreplacedMacro = (value: string) => UNREPLACED_MACRO.test(value);

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
  return readParam(url, options).find(parseClickId);
}

/**
 * Returns all values of the parameter in the query of a URL, decoded once. It also understands two mistakes of people who
 * build links: `&amp;im_ref=x`, copied from HTML, and a second `?`, as in `?a=b?im_ref=x` and `?im_ref=x?a=b`. A `?` after a
 * slash belongs to another address, such as the one to return to, whose click id is not this page's.
 */
export function readParam(url: string | URL, { param = AFFILIATE_COOKIE }: ParamOptions): string[] {
  const query = new URLSearchParams(/^[^#]*?\?([^#]*)/.exec(String(url))?.[1]);
  // Names and values take turns. We split after decoding, because Next.js encodes the query again before a proxy sees it.
  const parts = [...query].flatMap(([name, value]) => [
    name.replace(/^([^/]*\?)?(amp;)*/, ''),
    ...(/^[^/]*\?/.test(value) ? value.split(/\?([^?=]+)=/) : [value]),
  ]);
  return [param].flat().flatMap((name) => parts.filter((_, index) => index % 2 && parts[index - 1] === name));
}
