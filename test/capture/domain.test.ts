import type { NextFetchEvent } from 'next/server.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { affiliateProxy } from '../../capture/src/next.js';
import { landingRequest } from './support/next.js';

const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
beforeEach(() => void warn.mockClear());

/** Lands with a click id. Returns the `Set-Cookie` lines without the expiry date that Next adds. */
async function land(domain: string, headers: Record<string, string>, url = 'https://localhost:3000/') {
  const proxy = affiliateProxy({ domain });
  const request = landingRequest(`${url}?im_ref=a`, headers);
  const response = await proxy(request, {} as NextFetchEvent);
  return response?.headers.getSetCookie().map((line) => line.replace(/ Expires=[^;]+;/, ''));
}

const SHARED = (domain: string) => [
  `im_ref=a; Path=/; Max-Age=2592000; Domain=${domain}; Secure; SameSite=lax`,
  // Removes the cookie of the host alone, which a site has set before it had a domain.
  'im_ref=; Path=/; SameSite=Lax; Max-Age=0; Secure',
];
const OF_HOST = ['im_ref=a; Path=/; Max-Age=2592000; Secure; SameSite=lax'];

describe('the cookie is shared with the subdomains of `domain`', () => {
  it.each([
    ['the host is the domain', { host: 'example.com' }],
    ['the host is under it, in any case and with a port', { host: 'WWW.Example.com:8443' }],
    ['the host is behind a reverse proxy', { host: '10.0.0.7:3000', 'x-forwarded-host': 'www.example.com' }],
    ['the host is behind two', { host: 'app', 'x-forwarded-host': 'www.example.com, cdn.example.net' }],
  ])('if %s', async (_what, headers) => {
    expect(await land('example.com', headers)).toEqual(SHARED('example.com'));
    expect(warn).not.toHaveBeenCalled();
  });

  it('if the domain is a subdomain of a public suffix', async () => {
    expect(await land('shop.vercel.app', { host: 'shop.vercel.app' })).toEqual(SHARED('shop.vercel.app'));
  });

  it('if only the URL of the request names the host', async () => {
    expect(await land('example.org', {}, 'https://www.example.org/')).toEqual(SHARED('example.org'));
  });
});

describe('the cookie is for the host alone, as a browser would drop it', () => {
  it.each(['preview.vercel.app', 'notexample.net', 'example.net.evil.example', 'localhost:3000', 'net'])(
    'if the host %s is not under the domain',
    async (host) => {
      expect(await land('example.net', { host })).toEqual(OF_HOST);
    },
  );

  it.each(['vercel.app', 'co.uk', 'com', 'GitHub.io', 'localhost'])(
    'if the domain %s is a public suffix',
    async (domain) => {
      expect(await land(domain, { host: `shop.${domain}` })).toEqual(OF_HOST);
    },
  );
});

describe('a warning', () => {
  it('says what to do about a public suffix, once, when the proxy is created', () => {
    affiliateProxy({ domain: 'netlify.app' });
    affiliateProxy({ domain: 'netlify.app' });
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('Set `domain` to your own domain'));
  });

  it('says what to do about a host that is not under the domain, once, whichever hosts visitors name', async () => {
    await land('example.info', { host: 'preview.example' });
    await land('example.info', { host: 'other.example' });
    expect(warn).toHaveBeenCalledOnce();
    expect(warn.mock.lastCall?.[0]).toMatch(
      /host preview\.example .* domain example\.info.*X-Forwarded-Host/s,
    );
  });
});
