import { AFFILIATE_COOKIE } from './click-id.js';

/**
 * The clicks that this browser has landed with, oldest first, and an empty one after those which are attributed. So a
 * landing page that is opened again (reloaded, gone back to, restored with its tab) is told from a new click: the
 * newest one stays the current one, and each is attributed once.
 */

const KEPT_CLICKS = 20;

export const ATTRIBUTED = '';

/** @throws DOMException where the browser forbids storage, and cookies with it */
export function loadClicks(): string[] {
  return (localStorage.getItem(AFFILIATE_COOKIE) ?? ATTRIBUTED).split('\n');
}

export function addClick(clicks: string[], click: string): void {
  clicks.push(click);
  try {
    localStorage.setItem(AFFILIATE_COOKIE, clicks.slice(-KEPT_CLICKS).join('\n'));
  } catch {
    // It is full. Cookies work all the same.
  }
}
