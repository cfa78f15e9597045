'use client';

import { useEffect, useRef } from 'react';
import { handleClick } from './browser.js';
import { type CookieOptions, checkInDevelopment, type ParamOptions } from './options.js';

export interface AffiliateAttributionOptions extends ParamOptions, CookieOptions {
  /** What your sign-in says; `undefined` while it does not know yet. */
  isSignedIn: boolean | undefined;
  /** Tells your API, and rejects where the API has not stored the click id. */
  setAffiliateAttribution: (attribution: { clickId: string }) => unknown;
  /** Says whether the visitor agreed. Anything but `true`: nothing is stored, and nothing sent. */
  consent?: (() => boolean) | undefined;
}

/**
 * Captures the click id of pages that the browser opens without asking the server, and tells your API of the click
 * that brought a signed-in user: once, and clears the cookie after that. If the call fails, the cookie stays, and the
 * next page tries again.
 *
 * @throws TypeError for a wrong option
 * @example
 * const { isSignedIn } = useAuth();
 * useAffiliateAttribution({
 *   isSignedIn,
 *   setAffiliateAttribution: (attribution) => api.user.setAffiliateAttribution(attribution),
 * });
 */
export function useAffiliateAttribution(options: AffiliateAttributionOptions): void {
  checkInDevelopment(options);
  const { isSignedIn, consent = () => true } = options;
  const handled = useRef('');

  // After every render, for the newest options; it acts once for each page and sign-in.
  useEffect(() => {
    function handlePage() {
      // Not in TypeScript's library yet: https://wicg.github.io/nav-speculation/prerendering.html
      const { prerendering } = document as { prerendering?: boolean };
      const state = `${isSignedIn} ${location.href}`;
      if (prerendering || state === handled.current || consent() !== true) return;
      handled.current = state;
      handleClick(options).catch(console.warn);
    }
    handlePage();
    document.addEventListener('prerenderingchange', handlePage);
    // Older browsers have no such event: there a client-side navigation waits for the next render.
    window.navigation?.addEventListener('currententrychange', handlePage);
    return () => {
      document.removeEventListener('prerenderingchange', handlePage);
      window.navigation?.removeEventListener('currententrychange', handlePage);
    };
  });
}

/**
 * `useAffiliateAttribution` as a component that renders nothing, for layouts rendered on the server.
 *
 * @throws TypeError for a wrong option
 * @example
 * <AffiliateCapture
 *   isSignedIn={session !== undefined}
 *   setAffiliateAttribution={setAffiliateAttribution} // a server action
 * />
 */
export function AffiliateCapture(props: AffiliateAttributionOptions): null {
  useAffiliateAttribution(props);
  return null;
}
