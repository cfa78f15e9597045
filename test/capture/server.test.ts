import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import fc from 'fast-check';
import { NextRequest } from 'next/server.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AFFILIATE_HEADER } from '../../capture/src/index.js';
import { affiliateHeaders, type RequestCookies } from '../../capture/src/server.js';
import { clickId } from './support/arbitraries.js';

const received: IncomingMessage[] = [];
const api = createServer((request, response) => {
  received.push(request);
  response.setHeader('content-type', 'application/json').end('{"json":null}');
});
let apiUrl: string;

beforeAll(async () => {
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});
afterAll(() => void api.close());

/** Like Next's `cookies()` in a server component, which returns a promise. */
async function cookies() {
  return new NextRequest('https://example.com', { headers: { cookie: 'im_ref=3t6RuJ%3Ax0' } }).cookies;
}

describe('affiliateHeaders', () => {
  it('returns the click id of the cookie, or no header without one', async () => {
    expect(affiliateHeaders(await cookies())).toEqual({ 'X-Affiliate-Click-Id': '3t6RuJ:x0' });
    expect(affiliateHeaders(new NextRequest('https://example.com').cookies)).toEqual({});
  });

  it('reads other frameworks’ cookies, and the Cookie header', () => {
    expect(affiliateHeaders({ get: () => 'a:b' })).toEqual({ 'X-Affiliate-Click-Id': 'a:b' });
    expect(affiliateHeaders(new Map([['im_ref', 'a:b']]))).toEqual({ 'X-Affiliate-Click-Id': 'a:b' });
    expect(affiliateHeaders('theme=dark; im_ref=a%3Ab')).toEqual({ 'X-Affiliate-Click-Id': 'a:b' });
    expect(affiliateHeaders(undefined)).toEqual({});
    expect(affiliateHeaders(null)).toEqual({});
  });

  it('omits a value that is not a click id', () => {
    expect(affiliateHeaders({ get: () => 'a\r\nAuthorization: b' })).toEqual({});
    expect(affiliateHeaders({ get: () => ({ value: 'a'.repeat(65) }) })).toEqual({});
    expect(affiliateHeaders({ get: () => null })).toEqual({});
    expect(affiliateHeaders({ get: () => 'a, b' })).toEqual({});
    expect(affiliateHeaders('im_ref=a%20b')).toEqual({});
  });

  it('explains that cookies() must be awaited', () => {
    const promise = cookies() as unknown as RequestCookies;
    expect(() => affiliateHeaders(promise)).toThrow(TypeError);
    expect(() => affiliateHeaders(promise)).toThrow('pass await cookies()');
  });

  it('keeps every click id byte for byte in a request header', () => {
    fc.assert(
      fc.property(clickId(), (id) => {
        const headers = new Headers(affiliateHeaders({ get: () => ({ value: id }) }));
        expect(headers.get(AFFILIATE_HEADER)).toBe(id);
      }),
    );
  });

  it('works with fetch', async () => {
    await fetch(`${apiUrl}/v1/me`, {
      headers: { Authorization: 'Bearer token', ...affiliateHeaders(await cookies()) },
    });
    expect(received.pop()?.headers).toMatchObject({
      authorization: 'Bearer token',
      'x-affiliate-click-id': '3t6RuJ:x0',
    });
  });

  it('works with an oRPC link', async () => {
    const link = new RPCLink({
      url: `${apiUrl}/rpc`,
      headers: async () => ({ Authorization: 'Bearer token', ...affiliateHeaders(await cookies()) }),
    });
    const client = createORPCClient<{ user: { me: () => Promise<null> } }>(link as never);
    await client.user.me();
    expect(received.pop()?.headers).toMatchObject({
      authorization: 'Bearer token',
      'x-affiliate-click-id': '3t6RuJ:x0',
    });
  });
});
