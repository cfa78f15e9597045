import { AFFILIATE_COOKIE, readClickId } from './click-id.js';
import { readClickIdCookie, serializeClickIdCookie } from './cookie.js';
import type { CookieOptions, ParamOptions } from './options.js';

export interface ClickOptions extends ParamOptions, CookieOptions {
  /** Whether the user is signed in; `undefined` while your sign-in library does not know yet. */
  isSignedIn: boolean | undefined;
  /** Sends the click id to your API, and rejects if the API has not stored it. */
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

function writeCookie(clickId: string | null, { domain, secure }: CookieOptions): void {
  const cookie = { domain, secure: secure ?? location.protocol === 'https:' };
  // biome-ignore lint/suspicious/noDocumentCookie: some browsers lack the Cookie Store API.
  document.cookie = serializeClickIdCookie(clickId, cookie);
}

/**
 * `localStorage` keeps this browser's clicks, oldest first. An empty entry follows the clicks that are attributed.
 * With this list we can distinguish a new click from a landing page that the visitor opens again (by a reload, the back
 * button or a restored tab). The newest click stays the current one, and each click is attributed once.
 */
const KEPT_CLICKS = 20;

const ATTRIBUTED = '';

/** @throws DOMException if the browser forbids storage; it then forbids cookies as well */
function loadClicks(): string[] {
  return (localStorage.getItem(AFFILIATE_COOKIE) ?? ATTRIBUTED).split('\n');
}

function addClick(clicks: string[], click: string): void {
  clicks.push(click);
  try {
    localStorage.setItem(AFFILIATE_COOKIE, clicks.slice(-KEPT_CLICKS).join('\n'));
  } catch {
    // The storage is full. Cookies still work.
  }
}
