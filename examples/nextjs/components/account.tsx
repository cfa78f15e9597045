import { fetchMe } from '../lib/api';

/** Shows the signed-in user as the API stores it. The server renders this component. */
export async function Account() {
  const user = await fetchMe().catch((error: Error) => error);
  if (user instanceof Error) return <p role="alert">The API is unavailable. Try again later.</p>;
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
