import fc from 'fast-check';
import { type NextFetchEvent, type NextMiddleware, type NextRequest, NextResponse } from 'next/server.js';
import { describe, expect, it, vi } from 'vitest';
import { readClickIdCookie } from '../../capture/src/cookie.js';
import { affiliateProxy, setAffiliateTrackingCookie, withAffiliateTracking } from '../../capture/src/next.js';
import { affiliateHeaders } from '../../capture/src/server.js';
import { clickIdInUrl } from './support/arbitraries.js';
import { landingRequest, renderedRequest } from './support/next.js';

const EVENT = {} as NextFetchEvent;
const LANDING = 'https://example.com/?im_ref=3t6RuJ%3Ax0';

/** Runs a proxy. Returns its response, and the request that server components see and use to call the API. */
async function run(proxy: NextMiddleware, request: NextRequest) {
  const received = new Headers(request.headers);
  const response = (await proxy(request, EVENT)) as Response;
  const rendered = renderedRequest(request, received, response);
  return { response, rendered, setCookies: response.headers.getSetCookie() };
}

/** Returns the `Set-Cookie` line of the click id, without the expiry date that Next adds. */
function clickIdCookie(setCookies: string[]): string | undefined {
  return setCookies.find((line) => line.startsWith('im_ref='))?.replace(/ Expires=[^;]+;/, '');
}

describe('affiliateProxy', () => {
  it('sets the cookie, and passes it to the server components of the same request', async () => {
    const { setCookies, rendered } = await run(affiliateProxy(), landingRequest(LANDING));
    expect(clickIdCookie(setCookies)).toBe(
      'im_ref=3t6RuJ%3Ax0; Path=/; Max-Age=2592000; Secure; SameSite=lax',
    );
    expect(affiliateHeaders(rendered.cookies)).toEqual({ 'X-Affiliate-Click-Id': '3t6RuJ:x0' });
  });

  it('keeps every click id byte for byte in both', async () => {
    await fc.assert(
      fc.asyncProperty(clickIdInUrl(), async (id) => {
        const url = `https://example.com/?im_ref=${encodeURIComponent(id)}`;
        const { setCookies, rendered, response } = await run(affiliateProxy(), landingRequest(url));
        expect(readClickIdCookie(clickIdCookie(setCookies) ?? '')).toBe(id);
        expect(affiliateHeaders(rendered.cookies)).toEqual({ 'X-Affiliate-Click-Id': id });
        // Next would decode this header twice: see `setCookie`.
        expect(response.headers.get('x-middleware-set-cookie') ?? '').not.toContain('%25');
      }),
    );
  });

  it('leaves the other headers and cookies of the request unchanged', async () => {
    const cookie = 'session=a=b%2Fc; raw="x:y"; broken=%E0%A4%A; im_ref=older';
    const request = landingRequest(LANDING, { cookie, 'accept-language': 'fr' });
    const { rendered } = await run(affiliateProxy(), request);
    expect(Object.fromEntries(rendered.headers)).toEqual({
      accept: 'text/html',
      'accept-language': 'fr',
      cookie: 'session=a=b%2Fc; raw="x:y"; broken=%E0%A4%A; im_ref=3t6RuJ%3Ax0',
      'sec-fetch-dest': 'document',
    });
  });

  it.each(['https://example.com/', 'https://example.com/?im_ref=', 'https://example.com/?im_ref=%00'])(
    'leaves the response unchanged at %s',
    async (url) => {
      const { response, rendered } = await run(affiliateProxy(), landingRequest(url, { cookie: 'im_ref=a' }));
      expect([...response.headers]).toEqual([['x-middleware-next', '1']]);
      expect(affiliateHeaders(rendered.cookies)).toEqual({ 'X-Affiliate-Click-Id': 'a' });
    },
  );

  it.each<Record<string, string>>([
    { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' },
    { 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-dest': 'image' },
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
    { 'next-router-prefetch': '1' },
    { rsc: '1' },
    { 'next-url': '/' },
    { 'x-nextjs-data': '1' },
  ])('ignores a request that opens no page: %j', async (headers) => {
    const { response } = await run(affiliateProxy(), landingRequest(LANDING, headers));
    expect([...response.headers]).toEqual([['x-middleware-next', '1']]);
  });

  it('ignores a form or a server action of the landing page', async () => {
    const request = landingRequest(LANDING);
    const post = Object.create(request, { method: { value: 'POST' } }) as NextRequest;
    const { setCookies } = await run(affiliateProxy(), post);
    expect(setCookies).toEqual([]);
  });

  it('accepts a request without `sec-fetch-dest`, as older browsers send it', async () => {
    const request = landingRequest(LANDING);
    request.headers.delete('sec-fetch-dest');
    expect(clickIdCookie((await run(affiliateProxy(), request)).setCookies)).toBeDefined();
  });

  it('accepts a navigation that a service worker forwards', async () => {
    const forwarded = { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'navigate' };
    const { setCookies } = await run(affiliateProxy(), landingRequest(LANDING, forwarded));
    expect(clickIdCookie(setCookies)).toBeDefined();
  });

  it.each([
    'https://example.com/?a=b&amp;im_ref=3t6RuJ%3Ax0',
    'https://example.com/?a=b?im_ref=3t6RuJ%3Ax0',
    'https://example.com/?a=b%3Fim_ref%3D3t6RuJ%3Ax0',
  ])('reads the click id of a link with a mistake: %s', async (url) => {
    const { rendered } = await run(affiliateProxy(), landingRequest(url));
    expect(affiliateHeaders(rendered.cookies)).toEqual({ 'X-Affiliate-Click-Id': '3t6RuJ:x0' });
  });

  it('omits Secure over plain http by default', async () => {
    const local = () => landingRequest('http://localhost:3001/?im_ref=a');
    const plain = await run(affiliateProxy(), local());
    expect(clickIdCookie(plain.setCookies)).toBe('im_ref=a; Path=/; Max-Age=2592000; SameSite=lax');
    const secure = await run(affiliateProxy({ secure: true }), local());
    expect(clickIdCookie(secure.setCookies)).toContain('; Secure');
  });

  it('uses the configured parameters', async () => {
    const proxy = affiliateProxy({ param: ['irclickid', 'clickid'] });
    const { setCookies } = await run(proxy, landingRequest('https://www.example.com/?clickid=a'));
    expect(clickIdCookie(setCookies)).toMatch(/^im_ref=a; /);
    expect((await run(proxy, landingRequest(LANDING))).setCookies).toEqual([]);
  });

  it('stores and forwards nothing without consent', async () => {
    const consent = vi.fn((request: NextRequest) => request.cookies.get('consent')?.value === 'yes');
    const proxy = affiliateProxy({ consent });
    const refused = await run(proxy, landingRequest(LANDING));
    expect([...refused.response.headers]).toEqual([['x-middleware-next', '1']]);
    const given = await run(proxy, landingRequest(LANDING, { cookie: 'consent=yes' }));
    expect(clickIdCookie(given.setCookies)).toBeDefined();
    await run(proxy, landingRequest('https://example.com/'));
    expect(consent, 'called only when there is a click id').toHaveBeenCalledTimes(2);
  });

  it('accepts only `true` as consent, so a promise does not count', async () => {
    const consent = (async () => false) as unknown as () => boolean;
    expect((await run(affiliateProxy({ consent }), landingRequest(LANDING))).setCookies).toEqual([]);
  });
});

describe('the response that sets the cookie', () => {
  /** Returns the headers of the response that tell caches whether they may keep it. */
  async function cacheHeaders(response: Response, url = LANDING) {
    const proxy = withAffiliateTracking(() => response);
    const { headers } = (await run(proxy, landingRequest(url))).response;
    return Object.fromEntries([...headers].filter(([name]) => /cache|surrogate/.test(name)));
  }
  const FORBIDDEN = { 'cache-control': 'private, no-store', 'cdn-cache-control': 'no-store' };
  const PUBLIC = { headers: { 'cache-control': 'public, s-maxage=31536000' } };

  it.each<[string, () => Response]>([
    ['a page', () => NextResponse.next()],
    ['a page that the proxy declares public', () => NextResponse.next(PUBLIC)],
    ['a rewrite', () => NextResponse.rewrite('https://example.com/acme', PUBLIC)],
    [
      'a permanent redirect, which caches keep by default',
      () => Response.redirect('https://example.com/en', 308),
    ],
    ['an answer of the proxy', () => new Response('hello', PUBLIC)],
  ])('is not given to other visitors by a shared cache: %s', async (_what, response) => {
    expect(await cacheHeaders(response())).toEqual(FORBIDDEN);
  });

  it('is not given to other visitors by a CDN that has a header of its own', async () => {
    const names = ['vercel-cdn-cache-control', 'cloudflare-cdn-cache-control', 'surrogate-control'];
    const headers = Object.fromEntries(names.map((name) => [name, 'max-age=3600']));
    const forbidden = Object.fromEntries(names.map((name) => [name, 'no-store']));
    expect(await cacheHeaders(NextResponse.next({ headers }))).toEqual({ ...FORBIDDEN, ...forbidden });
  });

  it('is the only one: a page without a click id stays public', async () => {
    expect(await cacheHeaders(NextResponse.next(PUBLIC), 'https://example.com/')).toEqual(PUBLIC.headers);
  });
});

describe('withAffiliateTracking', () => {
  it('passes the click id to the handler, and to the request that the handler forwards', async () => {
    const proxy = withAffiliateTracking((request) => {
      expect(request.cookies.get('im_ref')?.value).toBe('3t6RuJ:x0');
      const headers = new Headers(request.headers);
      headers.set('x-tenant', 'acme');
      return NextResponse.next({ request: { headers } });
    });
    const { rendered, setCookies } = await run(proxy, landingRequest(LANDING));
    expect(rendered.headers.get('x-tenant')).toBe('acme');
    expect(affiliateHeaders(rendered.cookies)).toEqual({ 'X-Affiliate-Click-Id': '3t6RuJ:x0' });
    expect(setCookies).toHaveLength(1);
  });

  it('continues if the handler returns nothing', async () => {
    const proxy = withAffiliateTracking(() => undefined);
    const { response, setCookies } = await run(proxy, landingRequest(LANDING));
    expect(response.headers.get('x-middleware-next')).toBe('1');
    expect(setCookies).toHaveLength(1);
    expect(await proxy(landingRequest('https://example.com/'), EVENT)).toBeUndefined();
  });

  it('sets the cookie on redirects and other responses, read-only ones included, and forwards nothing', async () => {
    const answers = [
      () => NextResponse.redirect('https://example.com/en?im_ref=3t6RuJ%3Ax0'),
      () => Response.redirect('https://example.com/en', 308),
      () => NextResponse.json({ ok: true }, { status: 403 }),
      () => new Response('no', { status: 401 }),
    ];
    for (const answer of answers) {
      const { response, setCookies } = await run(withAffiliateTracking(answer), landingRequest(LANDING));
      const expected = answer();
      expect(response.status).toBe(expected.status);
      expect(response.headers.get('location')).toBe(expected.headers.get('location'));
      expect(await response.text()).toBe(await expected.text());
      expect(clickIdCookie(setCookies)).toBeDefined();
      expect([...response.headers.keys()].filter((name) => name.startsWith('x-middleware-request'))).toEqual(
        [],
      );
    }
  });
});

describe('setAffiliateTrackingCookie', () => {
  const set = (response: NextResponse) => setAffiliateTrackingCookie(landingRequest(LANDING), response);

  it('keeps other cookies, set before or after it, by either method', () => {
    const response = NextResponse.next();
    response.cookies.set('a', '1');
    response.headers.append('set-cookie', 'b=2; Path=/; HttpOnly');
    expect(set(response)).toBe(response);
    response.cookies.set('c', '3');
    response.headers.append('set-cookie', 'd=4');
    const names = response.headers.getSetCookie().map((line) => line.split('=')[0]);
    expect(names).toEqual(['a', 'im_ref', 'c', 'd']);
  });

  it('sets one cookie when it is called twice', () => {
    expect(set(set(NextResponse.next())).headers.getSetCookie()).toHaveLength(1);
  });

  it('adds the click id to a rewrite that already overrides request headers', () => {
    const headers = new Headers({ cookie: 'session=a', 'x-tenant': 'acme' });
    const response = set(NextResponse.rewrite('https://example.com/acme', { request: { headers } }));
    const rendered = renderedRequest(landingRequest(LANDING), new Headers(), response);
    expect(Object.fromEntries(rendered.headers)).toEqual({
      cookie: 'session=a; im_ref=3t6RuJ%3Ax0',
      'x-tenant': 'acme',
    });
  });
});
