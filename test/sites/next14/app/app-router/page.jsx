import { affiliateHeaders } from 'affiliate-capture/server';
import { cookies } from 'next/headers';

export default async function Page() {
  const { 'X-Affiliate-Click-Id': seen = 'none' } = affiliateHeaders(await cookies());
  return <p data-testid="seen">{seen}</p>;
}
