import { affiliateHeaders } from 'affiliate-capture/server';
import Link from 'next/link';

export function getServerSideProps({ req, locale }) {
  return { props: { locale, seen: affiliateHeaders(req.headers.cookie)['X-Affiliate-Click-Id'] ?? 'none' } };
}

export default function Page({ locale, seen }) {
  return (
    <main>
      <p data-testid="seen">{seen}</p>
      <p data-testid="locale">{locale}</p>
      <Link href="/pricing?im_ref=linked">Pricing</Link>
    </main>
  );
}
