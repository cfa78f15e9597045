import Link from 'next/link';
import { Account } from '../components/account';
import { sessionToken } from '../lib/session';

export default async function LandingPage() {
  const isSignedIn = (await sessionToken()) !== undefined;
  return (
    <>
      <h1>Example shop</h1>
      {isSignedIn ? <Account /> : <Link href="/sign-up">Sign up</Link>}
    </>
  );
}
