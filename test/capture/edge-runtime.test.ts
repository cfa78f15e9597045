import { expect, it } from 'vitest';
import { runInEdge } from '../support/run-in-edge.js';

const PROGRAM = `
  import { NextRequest, NextResponse } from 'next/server.js';
  import { affiliateProxy, withAffiliateTracking } from './src/next.js';
  import { affiliateHeaders } from './src/server.js';

  async function land(proxy) {
    const request = new NextRequest('https://example.com/?im_ref=3t6RuJ%3Ax0', { headers: { cookie: 'a=b' } });
    const response = await proxy(request, {});
    return {
      setCookie: response.headers.get('set-cookie'),
      forwarded: affiliateHeaders(response.headers.get('x-middleware-request-cookie')),
    };
  }
  globalThis.result = Promise.all([
    land(affiliateProxy()),
    land(withAffiliateTracking(() => new Response('no'))),
    land(withAffiliateTracking(() => Response.redirect('https://example.com/en'))),
  ]);
`;

it('the proxy works in the edge runtime', async () => {
  const [landing, answer, redirect] = await runInEdge(PROGRAM, 'capture');
  expect(landing.setCookie).toMatch(/^im_ref=3t6RuJ%3Ax0; .*Max-Age=2592000; Secure/);
  expect(landing.forwarded).toEqual({ 'X-Affiliate-Click-Id': '3t6RuJ:x0' });
  expect(answer.setCookie).toMatch(/^im_ref=3t6RuJ%3Ax0; /);
  expect(redirect.setCookie).toMatch(/^im_ref=3t6RuJ%3Ax0; /);
});
