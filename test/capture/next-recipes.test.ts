import type { NextFetchEvent, NextMiddleware } from 'next/server.js';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { affiliateHeaders } from '../../capture/src/server.js';
import { type IssuerKey, loadIssuerKey } from '../../dev/issuer-key.js';
import { signedInCookies, signedOutCookies, signHandshake, startClerkKeys } from './support/clerk.js';
import { landingRequest, renderedRequest } from './support/next.js';
import { loadProxies, readRecipe } from './support/recipes.js';

const AUTH_SECRET = 'a secret of a test, which is long enough';
const AUTH_COOKIE = '__Secure-authjs.session-token';
const AUTH_JS_AND_CLICK = ['__Host-authjs.csrf-token', '__Secure-authjs.callback-url', AUTH_COOKIE, 'im_ref'];

/** Those of the documentation, as it has them, and the other way round: `setAffiliateTrackingCookie` inside. */
const SOURCES = {
  clerk: await readRecipe('Clerk'),
  authjs: await readRecipe('Auth.js'),
  intl: await readRecipe('next-intl'),
  clerkAndIntl: await readRecipe('Clerk and next-intl'),
  own: await readRecipe('A proxy of your own'),
  insideClerk: `
    import { clerkMiddleware } from '@clerk/nextjs/server';
    import { setAffiliateTrackingCookie } from 'affiliate-capture/next';
    import { NextResponse } from 'next/server';
    export default clerkMiddleware((_auth, request) => setAffiliateTrackingCookie(request, NextResponse.next()));`,
  insideAuthjs: `
    import { setAffiliateTrackingCookie } from 'affiliate-capture/next';
    import NextAuth from 'next-auth';
    import { NextResponse } from 'next/server';
    const { auth } = NextAuth({ providers: [] });
    export default auth((request) => setAffiliateTrackingCookie(request, NextResponse.next()));`,
  authjsRedirect: `
    import { withAffiliateTracking } from 'affiliate-capture/next';
    import NextAuth from 'next-auth';
    const { auth } = NextAuth({ providers: [] });
    export default withAffiliateTracking(auth((request) => Response.redirect(new URL('/sign-in', request.nextUrl))));`,
  afterIntl: `
    import { setAffiliateTrackingCookie } from 'affiliate-capture/next';
    import createMiddleware from 'next-intl/middleware';
    const intl = createMiddleware({ locales: ['en', 'de'], defaultLocale: 'en' });
    export default (request) => setAffiliateTrackingCookie(request, intl(request));`,
};

let key: IssuerKey;
let clerk: Awaited<ReturnType<typeof startClerkKeys>>;
let proxies: Record<keyof typeof SOURCES, NextMiddleware>;

beforeAll(async () => {
  key = await loadIssuerKey(inject('issuerKeyFile'));
  clerk = await startClerkKeys(key);
  const environment = { ...clerk.environment, AUTH_SECRET, AUTH_TRUST_HOST: 'true' };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  proxies = await loadProxies(SOURCES);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await clerk.stop();
});

// Next.js needs another path for the second one: see `setCookie`.
describe.each(['3t6RuJ:x0', '3t6RuJ:x0-50%'])('%s', (clickId) => {
  const HEADERS = { 'X-Affiliate-Click-Id': clickId };
  const QUERY = `?im_ref=${encodeURIComponent(clickId)}`;
  const CLICK_COOKIE = `im_ref=${encodeURIComponent(clickId)}`;

  async function open(recipe: keyof typeof SOURCES, url: string, cookie = 'theme=a=b') {
    const request = landingRequest(url, { cookie, host: 'example.com' });
    const received = new Headers(request.headers);
    const response = (await proxies[recipe](request, {} as NextFetchEvent)) as Response;
    const rendered = renderedRequest(request, received, response);
    const setCookies = response.headers.getSetCookie();
    return {
      rendered,
      location: response.headers.get('location'),
      headers: response.headers,
      forwarded: affiliateHeaders(rendered.cookies),
      cookies: setCookies.map((line) => line.split(';')[0]),
      cookieNames: setCookies.map((line) => line.split('=')[0]).toSorted(),
    };
  }
  const land = (recipe: keyof typeof SOURCES, path = '/en', cookie?: string) =>
    open(recipe, `https://example.com${path}${QUERY}`, cookie);

  describe('with Clerk', () => {
    it.each(['clerk', 'insideClerk', 'clerkAndIntl'] as const)(
      'of a signed-in user, both get what they need (%s)',
      async (recipe) => {
        const cookie = await signedInCookies(key, 'user_1');
        const { rendered, forwarded, cookies } = await land(recipe, '/en', cookie);
        expect(rendered.headers.get('x-clerk-auth-status')).toBe('signed-in');
        expect(rendered.headers.get('cookie')).toContain(cookie);
        expect(forwarded).toEqual(HEADERS);
        expect(cookies).toContain(CLICK_COOKIE);
      },
    );

    it('survives the redirect of `auth.protect()` to the sign-in page', async () => {
      const { location, cookies } = await land('clerk', '/account', signedOutCookies);
      expect(location).toMatch(/^https:\/\/accounts\.example\.com\/sign-in\?redirect_url=/);
      expect(cookies).toContain(CLICK_COOKIE);
    });

    it.each(['clerk', 'clerkAndIntl'] as const)(
      'survives the redirects of a handshake, there and back (%s)',
      async (recipe) => {
        const away = await land(recipe);
        expect(away.location).toMatch(/^https:\/\/clerk\.example\.com\/v1\/client\/handshake\?/);
        expect(away.cookies).toContain(CLICK_COOKIE);

        const cookies = await signedInCookies(key, 'user_1');
        const url = new URL(new URL(away.location ?? '').searchParams.get('redirect_url') ?? '');
        url.searchParams.set('__clerk_handshake', await signHandshake(key, cookies));
        const back = await open(recipe, url.href, CLICK_COOKIE);
        expect(back.location).toBe(`https://example.com/en${QUERY}`);
        expect(back.cookieNames).toEqual(expect.arrayContaining(['__session', 'im_ref']));

        const page = await open(recipe, back.location ?? '', `${cookies}; ${CLICK_COOKIE}`);
        expect(page.rendered.headers.get('x-clerk-auth-status')).toBe('signed-in');
        expect(page.forwarded).toEqual(HEADERS);
      },
    );
  });

  describe('with Auth.js', () => {
    const session = async () => {
      const value = await encode({ token: { sub: 'user_1' }, secret: AUTH_SECRET, salt: AUTH_COOKIE });
      return `theme=a=b; ${AUTH_COOKIE}=${value}`;
    };

    it.each(['authjs', 'insideAuthjs'] as const)('both get what they need (%s)', async (recipe) => {
      const { forwarded, cookieNames } = await land(recipe, '/en', await session());
      expect(forwarded).toEqual(HEADERS);
      expect(cookieNames).toEqual(AUTH_JS_AND_CLICK);
    });

    it('with AUTH_URL, both get what they need', async () => {
      vi.stubEnv('AUTH_URL', 'https://www.example.com');
      onTestFinished(() => void vi.stubEnv('AUTH_URL', undefined));
      const { forwarded, cookieNames } = await land('authjs', '/en', await session());
      expect(forwarded).toEqual(HEADERS);
      expect(cookieNames).toEqual(AUTH_JS_AND_CLICK);
    });

    it('survives a redirect by its handler', async () => {
      const { location, cookieNames } = await land('authjsRedirect', '/en', await session());
      expect(location).toBe('https://example.com/sign-in');
      expect(cookieNames).toEqual(AUTH_JS_AND_CLICK);
    });
  });

  describe('with next-intl', () => {
    it.each(['intl', 'afterIntl', 'clerkAndIntl'] as const)(
      'both get what they need (%s)',
      async (recipe) => {
        const { rendered, headers, forwarded, cookieNames } = await land(recipe, '/de', signedOutCookies);
        expect(forwarded).toEqual(HEADERS);
        expect(rendered.headers.get('x-next-intl-locale')).toBe('de');
        expect(headers.has('link')).toBe(true);
        expect(cookieNames).toEqual(['NEXT_LOCALE', 'im_ref']);
      },
    );

    it.each(['intl', 'clerkAndIntl'] as const)('survives the redirect to a locale (%s)', async (recipe) => {
      const { location, cookies } = await land(recipe, '/pricing', signedOutCookies);
      expect(location).toBe(`https://example.com/en/pricing${QUERY}`);
      expect(cookies).toContain(CLICK_COOKIE);
    });
  });

  it('with a proxy of your own', async () => {
    const { headers, forwarded, cookieNames } = await land('own');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(forwarded).toEqual(HEADERS);
    expect(cookieNames).toEqual(['im_ref']);
  });
});
