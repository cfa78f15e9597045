'use client';

import { useEffect, useRef } from 'react';
import { type ClickOptions, clearClickId, handleClick } from './browser.js';
import { checkInDevelopment } from './options.js';

export type { Click } from './browser.js';

export interface AffiliateAttributionOptions extends ClickOptions {
  /**
   * Returns whether the visitor agreed. For anything but `true`, the hook stores and sends nothing. If it returned `true`
   * earlier on this page, the visitor has withdrawn: the hook also removes the cookie and the remembered clicks.
   */
  consent?: (() => boolean) | undefined;
}

/**
 * Captures the click id of pages that the browser opens without a request to the server, and remembers when this browser
 * first saw it. For a signed-in user, it sends the click to your API, once, and then clears the cookie. If the call fails,
 * the cookie stays, and the next page tries again.
 *
 * @throws TypeError for an invalid option
 * @example
 * const { isSignedIn } = useAuth();
 * useAffiliateAttribution({
 *   isSignedIn,
 *   setAffiliateAttribution: (click) => api.user.setAffiliateAttribution(click),
 * });
 */
export function useAffiliateAttribution(options: AffiliateAttributionOptions): void {
  checkInDevelopment(options);
  const { isSignedIn, consent = () => true } = options;
  const handled = useRef('');

  // The effect runs after every render, to use the newest options. It acts once for each page and sign-in.
  useEffect(() => {
    function handlePage() {
      // TypeScript's DOM library lacks this property: https://wicg.github.io/nav-speculation/prerendering.html
      const { prerendering } = document as { prerendering?: boolean };
      const state = `${isSignedIn} ${location.href}`;
      if (consent() !== true) {
        if (handled.current) clearClickId(options);
        handled.current = '';
        return;
      }
      if (prerendering || state === handled.current) return;
      handled.current = state;
      handleClick(options).catch(console.warn);
    }
    handlePage();
    document.addEventListener('prerenderingchange', handlePage);
    // Older browsers have no such event: there, the next render handles a client-side navigation.
    window.navigation?.addEventListener('currententrychange', handlePage);
    return () => {
      document.removeEventListener('prerenderingchange', handlePage);
      window.navigation?.removeEventListener('currententrychange', handlePage);
    };
  });
}

/**
 * `useAffiliateAttribution` as a component that renders nothing, for layouts that the server renders.
 *
 * @throws TypeError for an invalid option
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
