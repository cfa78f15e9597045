import { cookies } from 'next/headers';

/**
 * `no`: the visitor refuses the cookie; `components/consent-button.tsx` then removes what the browser has stored. If the law
 * requires prior consent, ask the visitor and wait for a `yes`.
 */
export const CONSENT_COOKIE = 'affiliate_consent';

export async function hasConsent(): Promise<boolean> {
  return (await cookies()).get(CONSENT_COOKIE)?.value !== 'no';
}
