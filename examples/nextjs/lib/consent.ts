import { cookies } from 'next/headers';

/** `no`: the visitor does not want to be remembered. Where the law wants consent first, ask, and wait for a `yes`. */
export const CONSENT_COOKIE = 'affiliate_consent';

export async function hasConsent(): Promise<boolean> {
  return (await cookies()).get(CONSENT_COOKIE)?.value !== 'no';
}
