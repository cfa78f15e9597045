import { affiliateProxy } from 'affiliate-capture/next';
import { CONSENT_COOKIE } from './lib/consent';

export default affiliateProxy({
  consent: (request) => request.cookies.get(CONSENT_COOKIE)?.value !== 'no',
});

// All pages, also those with a dot; no files.
export const config = {
  matcher: [
    '/',
    '/((?!_next/|.*\\.(?:avif|css|gif|ico|jpe?g|js(?:on)?|map|mp4|pdf|png|svg|ttf|txt|web(?:m|p|manifest)|woff2?|xml)$).*)',
  ],
};
