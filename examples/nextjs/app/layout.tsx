import { AffiliateCapture } from 'affiliate-capture/react';
import type { Metadata } from 'next';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ConsentButton } from '../components/consent-button';
import { hasConsent } from '../lib/consent';
import { sessionToken } from '../lib/session';
import { setAffiliateAttribution, signOut } from './actions';

export const metadata: Metadata = { title: 'Example shop' };

export default async function Layout({ children }: { children: ReactNode }) {
  const isSignedIn = (await sessionToken()) !== undefined;
  const isTracked = await hasConsent();
  return (
    <html lang="en">
      <body>
        <nav>
          <Link href="/">Home</Link> <Link href="/pricing">Pricing</Link>{' '}
          {isSignedIn ? <Link href="/account">Account</Link> : <Link href="/sign-in">Sign in</Link>}
        </nav>
        <main>{children}</main>
        <footer>
          {isSignedIn && (
            <form action={signOut}>
              <button type="submit">Sign out</button>
            </form>
          )}
          <ConsentButton isTracked={isTracked} />
        </footer>
        {isTracked && (
          <AffiliateCapture isSignedIn={isSignedIn} setAffiliateAttribution={setAffiliateAttribution} />
        )}
      </body>
    </html>
  );
}
