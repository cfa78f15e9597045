import fc from 'fast-check';
import { NextRequest } from 'next/server.js';
import { describe, expect, it } from 'vitest';
import { readClickIdCookie, serializeClickIdCookie } from '../../capture/src/cookie.js';
import { AFFILIATE_MAX_AGE_SECONDS } from '../../capture/src/index.js';
import { clickId } from './support/arbitraries.js';

describe('serializeClickIdCookie', () => {
  it('lasts 30 days, covers the whole host, and is sent with links from other sites', () => {
    expect(AFFILIATE_MAX_AGE_SECONDS).toBe(2_592_000);
    expect(serializeClickIdCookie('3t6RuJ:x0')).toBe(
      'im_ref=3t6RuJ%3Ax0; Path=/; SameSite=Lax; Max-Age=2592000',
    );
  });

  it('covers https only or subdomains on request', () => {
    const cookie = serializeClickIdCookie('a', { secure: true, domain: 'example.com' });
    expect(cookie).toBe('im_ref=a; Path=/; SameSite=Lax; Max-Age=2592000; Domain=example.com; Secure');
  });

  it('removes the same cookie', () => {
    expect(serializeClickIdCookie(null, { domain: 'example.com' })).toBe(
      'im_ref=; Path=/; SameSite=Lax; Max-Age=0; Domain=example.com',
    );
  });
});

describe('readClickIdCookie', () => {
  it('finds the cookie among others, and matches its exact name', () => {
    expect(readClickIdCookie('im_ref=a')).toBe('a');
    expect(readClickIdCookie('theme=dark; im_ref=a%3Ab; x=y')).toBe('a:b');
    expect(readClickIdCookie('xim_ref=a; im_ref2=b; x=im_ref=c')).toBeUndefined();
    expect(readClickIdCookie('')).toBeUndefined();
  });

  it('returns the last of several, as Next.js does', () => {
    expect(readClickIdCookie('im_ref=a; im_ref=b')).toBe('b');
  });

  it.each([
    'im_ref=',
    'im_ref=%',
    'im_ref=%00',
    'im_ref',
    `im_ref=${'a'.repeat(65)}`,
    // Values that older versions of this package stored.
    'im_ref=a%20b',
    'im_ref=a%2C%20b',
    'im_ref=a b',
    'im_ref="a"',
  ])('ignores %j', (cookie) => {
    expect(readClickIdCookie(cookie)).toBeUndefined();
  });

  it('reads a written cookie byte for byte, as Next.js does', () => {
    fc.assert(
      fc.property(clickId(), (id) => {
        const [cookie = ''] = serializeClickIdCookie(id).split('; ');
        expect(readClickIdCookie(`theme=dark; ${cookie}`)).toBe(id);
        const request = new NextRequest('https://example.com', { headers: { cookie } });
        expect(request.cookies.get('im_ref')?.value).toBe(id);
      }),
    );
  });

  it('never throws, for any header', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readClickIdCookie(`im_ref=${text}`)));
  });
});
