import { auth } from '@clerk/nextjs/server';
import { callApi } from '../../lib/api';

/** Shows the signed-in user as the API stores it. */
export default async function Page({ params }) {
  const { locale } = await params;
  const { isAuthenticated } = await auth();
  if (!isAuthenticated) return <p data-testid="locale">{locale}</p>;
  const response = await callApi('/v1/me');
  const { userId, attribution } = await response.json();
  return (
    <main>
      <p data-testid="locale">{locale}</p>
      <p data-testid="user-id">{userId}</p>
      <p data-testid="click-id">{attribution.impact?.clickId ?? 'none'}</p>
    </main>
  );
}
