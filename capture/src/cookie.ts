import { AFFILIATE_COOKIE, parseClickId } from './click-id.js';
import { type CookieOptions, checkInDevelopment } from './options.js';

/** 30 days: as long as a conversion may come after its click. */
export const AFFILIATE_MAX_AGE_SECONDS = 30 * 24 * 60 * 60;

/**
 * The cookie as a `Set-Cookie` header or `document.cookie` takes it; `null` removes it. Scripts can read it, because
 * one has to clear it, and a click id is no secret.
 *
 * @throws TypeError for a wrong option, except in production
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
 * The click id in a `Cookie` header or in `document.cookie`, decoded once. Never throws.
 *
 * @example
 * readClickIdCookie('theme=dark; im_ref=a%3Ab'); // 'a:b'
 * readClickIdCookie('theme=dark');               // undefined
 */
export function readClickIdCookie(cookies: string): string | undefined {
  // Set both for a host and for its domain, it is there twice. Next.js reads the last one, too.
  const [, ...values] = `; ${cookies}`.split(`; ${AFFILIATE_COOKIE}=`);
  try {
    return parseClickId(decodeURIComponent(values.pop()?.split(';')[0] ?? ''));
  } catch {
    return undefined;
  }
}
