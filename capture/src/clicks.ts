import { AFFILIATE_COOKIE } from './click-id.js';

/**
 * `localStorage` keeps this browser's clicks, oldest first. An empty entry follows the clicks that are attributed.
 * With this list we can distinguish a new click from a landing page that the visitor opens again (by a reload, the back
 * button or a restored tab). The newest click stays the current one, and each click is attributed once.
 */

const KEPT_CLICKS = 20;

export const ATTRIBUTED = '';

/** @throws DOMException if the browser forbids storage; it then forbids cookies as well */
export function loadClicks(): string[] {
  return (localStorage.getItem(AFFILIATE_COOKIE) ?? ATTRIBUTED).split('\n');
}

export function addClick(clicks: string[], click: string): void {
  clicks.push(click);
  try {
    localStorage.setItem(AFFILIATE_COOKIE, clicks.slice(-KEPT_CLICKS).join('\n'));
  } catch {
    // The storage is full. Cookies still work.
  }
}
