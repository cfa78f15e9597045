import { AFFILIATE_COOKIE, readClickId } from './click-id.js';
import { ATTRIBUTED, addClick, loadClicks } from './clicks.js';
import { readClickIdCookie, serializeClickIdCookie } from './cookie.js';
import type { CookieOptions, ParamOptions } from './options.js';

export interface ClickOptions extends ParamOptions, CookieOptions {
  isSignedIn: boolean | undefined;
  setAffiliateAttribution: (attribution: { clickId: string }) => unknown;
}

/** Tabs, and components that are mounted twice, take turns under a lock: the second one finds the cookie cleared. */
export function handleClick(options: ClickOptions): Promise<void> {
  const handle = () => handleClickAlone(options);
  // Browsers offer locks on https and localhost only.
  return navigator.locks?.request(AFFILIATE_COOKIE, handle) ?? handle();
}

async function handleClickAlone(options: ClickOptions): Promise<void> {
  const stored = readClickIdCookie(document.cookie);
  const landed = readClickId(location.href, options);
  const clicks = loadClicks();
  for (const click of [stored, landed]) if (click && !clicks.includes(click)) addClick(clicks, click);

  const pending = clicks.at(-1);
  // Safari ends a script's cookie after 7 days, so we do not overwrite the proxy's cookie. Nor do we restore an expired one.
  if (pending && pending !== stored && (stored || pending === landed)) writeCookie(pending, options);

  const clickId = readClickIdCookie(document.cookie);
  if (!clickId || !options.isSignedIn) return;
  if (pending) {
    await options.setAffiliateAttribution({ clickId });
    addClick(clicks, ATTRIBUTED);
  }
  // A newer click may have replaced the cookie during the call; that one stays.
  if (readClickIdCookie(document.cookie) === clickId) writeCookie(null, options);
}

function writeCookie(
  clickId: string | null,
  { domain, secure = location.protocol === 'https:' }: CookieOptions,
): void {
  // biome-ignore lint/suspicious/noDocumentCookie: some browsers lack the Cookie Store API.
  document.cookie = serializeClickIdCookie(clickId, { domain, secure });
}
