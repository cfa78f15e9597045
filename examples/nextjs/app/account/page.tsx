import { redirect } from 'next/navigation';
import { Account } from '../../components/account';
import { sessionToken } from '../../lib/session';

export default async function AccountPage() {
  if ((await sessionToken()) === undefined) redirect('/sign-in');
  return (
    <>
      <h1>Account</h1>
      <Account />
    </>
  );
}
