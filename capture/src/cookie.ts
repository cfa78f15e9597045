import { AFFILIATE_COOKIE, parseClickId } from './click-id.js';
import { type CookieOptions, checkInDevelopment } from './options.js';

/** 30 days, the referral window: a conversion may follow its click by this much. */
export const AFFILIATE_MAX_AGE_SECONDS = 30 * 24 * 60 * 60;

/**
 * Returns the cookie in the form for a `Set-Cookie` header or `document.cookie`; `null` removes the cookie. Scripts can
 * read the cookie, because a script has to clear it, and a click id is not a secret. A response that sets the cookie needs
 * `Cache-Control: private, no-store`, or a shared cache may give the click to all visitors.
 *
 * @throws TypeError for an invalid option, except in production
 * @example
 * serializeClickIdCookie('a:b', { secure: true });
 * // 'im_ref=a%3Ab; Path=/; SameSite=Lax; Max-Age=2592000; Secure'
 * document.cookie = serializeClickIdCookie(null, { domain: 'example.com' });
 */
export function serializeClickIdCookie(clickId: string | null, options: CookieOptions = {}): string {
  checkInDevelopment(options);
  const { domain, secure } = options;
  return (
    `${AFFILIATE_COOKIE}=${encodeURIComponent(clickId ?? '')}; Path=/; SameSite=Lax; ` +
    `Max-Age=${clickId ? AFFILIATE_MAX_AGE_SECONDS : 0}` +
    (domain ? `; Domain=${domain}` : '') +
    (secure ? '; Secure' : '')
  );
}

/**
 * Returns the click id in a `Cookie` header or in `document.cookie`, decoded once. It never throws.
 *
 * @example
 * readClickIdCookie('theme=dark; im_ref=a%3Ab'); // 'a:b'
 * readClickIdCookie('theme=dark');               // undefined
 */
export function readClickIdCookie(cookies: string): string | undefined {
  // The cookie appears twice if it was set for a host and for its domain. We read the last one, as Next.js does.
  const [, ...values] = `; ${cookies}`.split(`; ${AFFILIATE_COOKIE}=`);
  try {
    return parseClickId(decodeURIComponent(values.pop()?.split(';')[0] ?? ''));
  } catch {
    return undefined;
  }
}
