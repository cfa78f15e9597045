export { clearClickId } from './browser.js';
export { AFFILIATE_COOKIE, AFFILIATE_HEADER, parseClickId, readClickId } from './click-id.js';
export { AFFILIATE_MAX_AGE_SECONDS, serializeClickIdCookie } from './cookie.js';
export type { IgnoredOptions, IgnoredReason } from './ignored.js';
export type { CookieOptions, ParamOptions } from './options.js';
