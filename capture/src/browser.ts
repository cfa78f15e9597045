import { AFFILIATE_COOKIE, readClickId } from './click-id.js';
import { AFFILIATE_MAX_AGE_SECONDS, readClickIdCookie, serializeClickIdCookie } from './cookie.js';
import { type CookieOptions, type ParamOptions, warnOfDomainInDevelopment } from './options.js';

export interface ClickOptions extends ParamOptions, CookieOptions {
  /** Whether the user is signed in; `undefined` while your sign-in library does not know yet. */
  isSignedIn: boolean | undefined;
  /**
   * Sends the click to your API. If the API has not stored it, the promise rejects, or resolves to a `Response` that is not
   * `ok`, or to an object with an `error`.
   */
  setAffiliateAttribution: (click: Click) => unknown;
}

/** The body of `PUT /v1/me/affiliate-attribution`. */
export interface Click {
  clickId: string;
  /** When this browser first saw the click id, ISO 8601, by the visitor's clock. The landing was not later. */
  clickedAt: string;
}

/** `fetch` and typed clients, such as openapi-fetch, do not reject when the API refuses. */
type Answer = { ok?: unknown; error?: unknown } | null | undefined;

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
  for (const click of [stored, landed]) if (click && !clicks.some(isOf(click))) clicks.push(newEntry(click));
  saveClicks(clicks);

  const pending = clicks.at(-1)?.[0];
  // Safari ends a script's cookie after 7 days, so we do not overwrite the proxy's cookie. Nor do we restore an expired one.
  if (pending && pending !== stored && (stored || pending === landed)) writeCookie(pending, options);

  const clickId = readClickIdCookie(document.cookie);
  if (!clickId || !options.isSignedIn) return;
  if (pending) {
    // A response that has just arrived may have set the cookie.
    const [, storedAt] = clicks.find(isOf(clickId)) ?? newEntry(clickId);
    const clickedAt = new Date(storedAt * 1000).toISOString();
    const answer = (await options.setAffiliateAttribution({ clickId, clickedAt })) as Answer;
    if (answer?.ok === false || answer?.error) throw answer;
    // During the call, the visitor may have withdrawn consent. The list is then empty, and stays so.
    const kept = loadClicks();
    if (kept.some(isOf(pending))) saveClicks([...kept, newEntry(ATTRIBUTED)]);
  }
  // A newer click may have replaced the cookie during the call; that one stays.
  if (readClickIdCookie(document.cookie) === clickId) writeCookie(null, options);
}

/**
 * Removes all click ids that this browser stores: the cookie and the remembered clicks. Call it in the browser when the
 * visitor withdraws consent.
 *
 * @throws TypeError for an invalid option, except in production
 * @example
 * onConsentChange((agreed) => agreed || clearClickId({ domain: 'example.com' }));
 */
export function clearClickId(options: CookieOptions = {}): void {
  writeCookie(null, options);
  saveClicks([]);
}

function writeCookie(clickId: string | null, options: CookieOptions): void {
  const { domain, secure = location.protocol === 'https:' } = options;
  const write = (value: string | null, of?: string) => {
    // biome-ignore lint/suspicious/noDocumentCookie: some browsers lack the Cookie Store API.
    document.cookie = serializeClickIdCookie(value, { domain: of, secure });
  };
  // A cookie of this host alone would stay beside that of the domain, and outlive it.
  write(domain ? null : clickId);
  if (!domain) return;
  write(clickId, domain);
  if (!clickId || readClickIdCookie(document.cookie) === clickId) return;
  // The browser drops a cookie whose domain is not this host's, or is a public suffix.
  warnOfDomainInDevelopment(domain, location.hostname);
  write(clickId);
}

/**
 * `localStorage` keeps this browser's clicks, oldest first. An entry without a click id follows the clicks that are
 * attributed. With this list we can distinguish a new click from a landing page that the visitor opens again (by a reload,
 * the back button or a restored tab). The newest click stays the current one, and each click is attributed once. An entry
 * is a line, `<click id> <seconds since 1970>`, and is dropped at the age of the cookie.
 */
type Entry = [clickId: string, storedAt: number];

const KEPT_CLICKS = 20;

const ATTRIBUTED = '';

/** With a fraction: rounded down, a landing just after the signup would seem to come before it. */
const seconds = () => Date.now() / 1000;

const newEntry = (clickId: string): Entry => [clickId, seconds()];

const isOf =
  (click: string) =>
  ([clickId]: Entry) =>
    clickId === click;

/** @throws DOMException if the browser forbids storage; it then forbids cookies as well */
function loadClicks(): Entry[] {
  const oldest = seconds() - AFFILIATE_MAX_AGE_SECONDS;
  return (localStorage.getItem(AFFILIATE_COOKIE) ?? '')
    .split('\n')
    .map((line): Entry => {
      const [clickId = '', storedAt] = line.split(' ');
      // A time in the future is from a clock that was ahead. The entry would never reach the age of the cookie.
      return [clickId, Math.min(Number(storedAt), seconds())];
    })
    .filter(([, storedAt]) => storedAt > oldest);
}

function saveClicks(clicks: Entry[]): void {
  const lines = clicks.slice(-KEPT_CLICKS).map((entry) => entry.join(' '));
  try {
    if (lines.length > 0) localStorage.setItem(AFFILIATE_COOKIE, lines.join('\n'));
    else localStorage.removeItem(AFFILIATE_COOKIE);
  } catch {
    // The storage is full or forbidden. Cookies may still work.
  }
}
