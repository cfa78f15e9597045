import { affiliateProxy } from 'affiliate-capture/next';
import { CONSENT_COOKIE } from './lib/consent';

export const proxy = affiliateProxy({
  consent: (request) => request.cookies.get(CONSENT_COOKIE)?.value !== 'no',
});

export const config = { matcher: '/((?!_next/|.*\\.).*)' };
