import { AFFILIATE_COOKIE, readClickId } from './click-id.js';
import { ATTRIBUTED, addClick, loadClicks } from './clicks.js';
import { readClickIdCookie, serializeClickIdCookie } from './cookie.js';
import type { CookieOptions, ParamOptions } from './options.js';

export interface ClickOptions extends ParamOptions, CookieOptions {
  isSignedIn: boolean | undefined;
  setAffiliateAttribution: (attribution: { clickId: string }) => unknown;
}

/** Tabs, and components mounted twice, take turns: whoever comes second finds the cookie cleared. */
export function handleClick(options: ClickOptions): Promise<void> {
  const handle = () => handleClickAlone(options);
  // Only pages over plain http have no locks.
  return navigator.locks?.request(AFFILIATE_COOKIE, handle) ?? handle();
}

async function handleClickAlone(options: ClickOptions): Promise<void> {
  const stored = readClickIdCookie(document.cookie);
  const landed = readClickId(location.href, options);
  const clicks = loadClicks();
  for (const click of [stored, landed]) if (click && !clicks.includes(click)) addClick(clicks, click);

  const pending = clicks.at(-1);
  // Safari ends a script's cookie after 7 days, so the proxy's is not written again; an expired one does not come back.
  if (pending && pending !== stored && (stored || pending === landed)) writeCookie(pending, options);

  const clickId = readClickIdCookie(document.cookie);
  if (!clickId || !options.isSignedIn) return;
  if (pending) {
    await options.setAffiliateAttribution({ clickId });
    addClick(clicks, ATTRIBUTED);
  }
  // A newer click may have come in the meantime.
  if (readClickIdCookie(document.cookie) === clickId) writeCookie(null, options);
}

function writeCookie(
  clickId: string | null,
  { domain, secure = location.protocol === 'https:' }: CookieOptions,
): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser.
  document.cookie = serializeClickIdCookie(clickId, { domain, secure });
}
