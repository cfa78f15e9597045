import { fetchMe } from '../lib/api';

/** What the API knows of the signed-in user, rendered on the server. */
export async function Account() {
  const user = await fetchMe().catch((error: Error) => error);
  if (user instanceof Error) return <p role="alert">The API does not answer. Try again later.</p>;
  const { userId, clerkId, attribution } = user;
  return (
    <dl>
      <dt>User</dt>
      <dd>{clerkId}</dd>
      <dt>User id</dt>
      <dd data-testid="user-id">{userId}</dd>
      <dt>Came by click</dt>
      <dd data-testid="click-id">{attribution.impact?.clickId ?? 'none'}</dd>
    </dl>
  );
}
