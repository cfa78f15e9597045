import { type NextFetchEvent, type NextMiddleware, type NextRequest, NextResponse } from 'next/server.js';
import { describe, expect, it } from 'vitest';
import { setAffiliateTrackingCookie, withAffiliateTracking } from '../../capture/src/next.js';
import { affiliateHeaders } from '../../capture/src/server.js';
import { auth, clerkMiddleware, createIntlMiddleware } from './support/middlewares.js';
import { landingRequest, renderedRequest } from './support/next.js';

// Next.js needs another path for the second one: see `setCookie`.
describe.each(['3t6RuJ:x0', '3t6RuJ:x0-50%'])('%s', (clickId) => {
  const HEADERS = { 'X-Affiliate-Click-Id': clickId };
  const QUERY = `?im_ref=${encodeURIComponent(clickId)}`;

  async function land(proxy: NextMiddleware, path = '/en') {
    const request = landingRequest(`https://example.com${path}${QUERY}`, { cookie: 'theme=a=b' });
    const received = new Headers(request.headers);
    const response = (await proxy(request, {} as NextFetchEvent)) as Response;
    const rendered = renderedRequest(request, received, response);
    return {
      response,
      rendered,
      forwarded: affiliateHeaders(rendered.cookies),
      cookieNames: response.headers
        .getSetCookie()
        .map((line) => line.split('=')[0])
        .toSorted(),
    };
  }

  describe('with Clerk', () => {
    const ALL_COOKIES = ['__client_uat', '__session', 'im_ref'];

    it.each<[string, NextMiddleware]>([
      ['around it', withAffiliateTracking(clerkMiddleware())],
      [
        'in its handler',
        clerkMiddleware((_auth, request) => setAffiliateTrackingCookie(request, NextResponse.next())),
      ],
    ])('%s, both get what they need', async (_where, proxy) => {
      const { rendered, forwarded, cookieNames } = await land(proxy);
      expect(forwarded).toEqual(HEADERS);
      expect(rendered.headers.get('x-clerk-auth-status')).toBe('signed-in');
      expect(rendered.headers.get('cookie')).toMatch(/^theme=a=b; /);
      expect(cookieNames).toEqual(ALL_COOKIES);
    });

    it('around it, the click id survives the redirect to the sign-in page', async () => {
      const { response, cookieNames } = await land(
        withAffiliateTracking(clerkMiddleware((auth) => auth.protect())),
      );
      expect(response.headers.get('location')).toBe('https://example.com/sign-in');
      expect(cookieNames).toEqual(ALL_COOKIES);
    });
  });

  describe('with Auth.js', () => {
    it.each<[string, NextMiddleware]>([
      ['around it', withAffiliateTracking(auth(() => undefined))],
      ['around it, with AUTH_URL', withAffiliateTracking(auth(() => undefined, 'https://www.example.com'))],
      ['in its handler', auth((request) => setAffiliateTrackingCookie(request, NextResponse.next()))],
    ])('%s, both get what they need', async (_where, proxy) => {
      const { forwarded, cookieNames } = await land(proxy);
      expect(forwarded).toEqual(HEADERS);
      expect(cookieNames).toEqual(['authjs.session-token', 'im_ref']);
    });

    it('the click id survives a redirect by its handler', async () => {
      const toSignIn = (request: NextRequest) => Response.redirect(new URL('/sign-in', request.url));
      const { response, cookieNames } = await land(withAffiliateTracking(auth(toSignIn)));
      expect(response.headers.get('location')).toBe('https://example.com/sign-in');
      expect(cookieNames).toEqual(['authjs.session-token', 'im_ref']);
    });
  });

  describe('with next-intl', () => {
    const intl = createIntlMiddleware(['en', 'fr']);

    it.each<[string, NextMiddleware]>([
      ['around it', withAffiliateTracking(intl)],
      ['after it', (request) => setAffiliateTrackingCookie(request, intl(request))],
    ])('%s, both get what they need', async (_where, proxy) => {
      const { response, rendered, forwarded, cookieNames } = await land(proxy);
      expect(forwarded).toEqual(HEADERS);
      expect(rendered.headers.get('x-next-intl-locale')).toBe('en');
      expect(response.headers.has('link')).toBe(true);
      expect(cookieNames).toEqual(['NEXT_LOCALE', 'im_ref']);
    });

    it('the click id survives the redirect to a locale', async () => {
      const { response, cookieNames } = await land(withAffiliateTracking(intl), '/pricing');
      expect(response.headers.get('location')).toBe(`https://example.com/en/pricing${QUERY}`);
      expect(cookieNames).toEqual(['im_ref']);
    });
  });

  it('with Clerk and next-intl together', async () => {
    const intl = createIntlMiddleware(['en', 'fr']);
    const { rendered, forwarded, cookieNames } = await land(
      withAffiliateTracking(clerkMiddleware((_auth, request) => intl(request))),
    );
    expect(forwarded).toEqual(HEADERS);
    expect(rendered.headers.get('x-next-intl-locale')).toBe('en');
    expect(rendered.headers.get('x-clerk-auth-status')).toBe('signed-in');
    expect(cookieNames).toEqual(['NEXT_LOCALE', '__client_uat', '__session', 'im_ref']);
  });
});
