import type { NextFetchEvent, NextMiddleware } from 'next/server.js';
import { describe, expect, it } from 'vitest';
import type { IgnoredReason } from '../../capture/src/index.js';
import { affiliateProxy, setAffiliateTrackingCookie, withAffiliateTracking } from '../../capture/src/next.js';
import { affiliateHeaders } from '../../capture/src/server.js';
import { landingRequest } from './support/next.js';

const LONG = 'x'.repeat(65);

/** A callback that keeps the reasons that it gets. */
function counter() {
  const reasons: IgnoredReason[] = [];
  return { reasons, onIgnored: (reason: IgnoredReason) => reasons.push(reason) };
}

const visit = (proxy: NextMiddleware, query: string, headers: Record<string, string> = {}) =>
  proxy(landingRequest(`https://example.com/${query}`, headers), {} as NextFetchEvent);

describe('a proxy tells of a landing page', () => {
  it.each([
    ['?im_ref=', ['empty_param']],
    ['?im_ref=a%20b', ['malformed_param']],
    [`?im_ref=${LONG}`, ['malformed_param']],
    ['?im_ref=&im_ref=a%20b', ['malformed_param']],
    ['?im_ref={clickid}', ['unreplaced_macro']],
    ['?im_ref=%7B%7B%20click_id%20%7D%7D', ['unreplaced_macro']],
    ['?im_ref=[CLICK_ID]&im_ref=', ['unreplaced_macro']],
    ['?im_ref={clickid}&im_ref=one', []],
    ['?a=b&amp;im_ref=', ['empty_param']],
    ['?a=b?im_ref=one&im_ref=two', ['repeated_param']],
    ['?im_ref=one&im_ref=two', ['repeated_param']],
    ['?im_ref=one&im_ref=one', []],
    ['?im_ref=one&im_ref=', []],
    ['?im_ref=one', []],
    ['', []],
  ])('%s what it ignored: %j', async (query, expected) => {
    const { reasons, onIgnored } = counter();
    await visit(affiliateProxy({ onIgnored }), query);
    expect(reasons).toEqual(expected);
  });

  it('that the parameters of a list have different click ids', async () => {
    const { reasons, onIgnored } = counter();
    await visit(affiliateProxy({ param: ['irclickid', 'clickid'], onIgnored }), '?clickid=a&irclickid=b');
    expect(reasons).toEqual(['repeated_param']);
  });

  it('that the visitor has not agreed, if there is a click id to lose', async () => {
    const { reasons, onIgnored } = counter();
    const proxy = affiliateProxy({ onIgnored, consent: () => false });
    await visit(proxy, '?im_ref=a');
    await visit(proxy, '');
    expect(reasons).toEqual(['no_consent']);
  });

  it('once, and nothing of a request that opens no page', async () => {
    const { reasons, onIgnored } = counter();
    const proxy = affiliateProxy({ onIgnored });
    await visit(proxy, '?im_ref=a%20b', { rsc: '1' });
    await visit(proxy, '?im_ref=a%20b', { 'sec-purpose': 'prefetch' });
    await visit(proxy, '?im_ref=a%20b');
    expect(reasons).toEqual(['malformed_param']);
  });

  it('also where it wraps another one, or is called by it', async () => {
    const { reasons, onIgnored } = counter();
    await visit(
      withAffiliateTracking(() => new Response('page'), { onIgnored }),
      '?im_ref=',
    );
    setAffiliateTrackingCookie(landingRequest('https://example.com/?im_ref='), new Response(), { onIgnored });
    await Promise.resolve();
    expect(reasons).toEqual(['empty_param', 'empty_param']);
  });
});

describe('affiliateHeaders tells', () => {
  it.each([
    ['a Cookie header', 'theme=dark; im_ref=a%20b'],
    ['a Cookie header that cannot be decoded', 'im_ref=%E0%A4%A'],
    ['a store of cookies', { get: () => ({ value: LONG }) }],
  ])('that the cookie is malformed, in %s', async (_what, cookies) => {
    const { reasons, onIgnored } = counter();
    expect(affiliateHeaders(cookies, { onIgnored })).toEqual({});
    await Promise.resolve();
    expect(reasons).toEqual(['malformed_cookie']);
  });

  it.each([
    ['a click id', 'im_ref=a'],
    ['no cookie', 'theme=dark'],
    ['a cleared cookie', 'im_ref='],
    ['no cookies', undefined],
  ])('nothing of %s', async (_what, cookies) => {
    const { reasons, onIgnored } = counter();
    affiliateHeaders(cookies, { onIgnored });
    await Promise.resolve();
    expect(reasons).toEqual([]);
  });
});

describe('a callback that fails', () => {
  const FAILING: [string, () => unknown][] = [
    ['throws', () => JSON.parse('no JSON')],
    ['rejects', async () => JSON.parse('no JSON')],
  ];

  // Vitest fails on an unhandled rejection.
  it.each(FAILING)('does not break the page if it %s', async (_how, onIgnored) => {
    const response = await visit(affiliateProxy({ onIgnored }), '?im_ref=one&im_ref=two');
    expect(response?.headers.get('set-cookie')).toMatch(/^im_ref=one;/);
    expect(affiliateHeaders('im_ref=a%20b', { onIgnored })).toEqual({});
  });

  it('does not delay the page if it never ends', async () => {
    const onIgnored = () => new Promise(() => {});
    const response = await visit(affiliateProxy({ onIgnored }), '?im_ref=');
    expect(response?.headers.get('x-middleware-next')).toBe('1');
  });
});
