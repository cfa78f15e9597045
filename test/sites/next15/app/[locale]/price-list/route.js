/** Next.js makes this response once, at build time, and lets shared caches keep it. */
export const dynamic = 'force-static';

export const generateStaticParams = () => [{ locale: 'en' }];

export function GET() {
  return Response.json({ currency: 'EUR', monthlyCents: 4900 });
}
