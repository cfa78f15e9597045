import type { NextRequest, NextResponse } from 'next/server.js';
import { AFFILIATE_COOKIE } from './click-id.js';
import { AFFILIATE_MAX_AGE_SECONDS, serializeClickIdCookie } from './cookie.js';
import { domainOn } from './domain.js';
import type { CookieOptions } from './options.js';

/**
 * The click id has two destinations: the browser, as a cookie, and the server components that render this same request.
 * Server components see a proxy's changes to the request only if its response lists the headers to override.
 */
export function storeClickId<R extends Response>(
  request: NextRequest,
  response: R,
  clickId: string,
  options: CookieOptions,
): R {
  putIntoRequest(request, clickId);
  const secure = options.secure ?? request.nextUrl.protocol === 'https:';
  const domain = domainOn(request, options.domain);
  const answer = setCookie(response, clickId, { domain, secure });
  // A cookie of this host alone, from before the site set `domain`, would stay beside the new one and outlive it.
  if (domain) answer.headers.append('set-cookie', serializeClickIdCookie(null, { secure }));
  forbidCaching(answer.headers);
  overrideCookieHeader(request, answer.headers, clickId);
  return answer;
}

/**
 * A shared cache that kept the cookie would give this click to all visitors. Next gives a static page `s-maxage`, unless
 * the proxy sets `Cache-Control`: https://github.com/vercel/next.js/issues/96266. CDNs prefer a header of their own, if
 * there is one: https://www.rfc-editor.org/rfc/rfc9213
 */
export function forbidCaching(headers: Headers): void {
  headers.set('cache-control', 'private, no-store');
  headers.set('cdn-cache-control', 'no-store');
  for (const name of [...headers.keys()]) {
    if (/-cdn-cache-control$|^surrogate-control$/.test(name)) headers.set(name, 'no-store');
  }
}

export function putIntoRequest(request: NextRequest, clickId: string): void {
  const cookies = request.headers.get('cookie');
  request.cookies.set(AFFILIATE_COOKIE, clickId);
  // `cookies.set` also decodes and encodes all other cookies. We restore their original form.
  request.headers.set('cookie', withClickId(cookies, clickId));
}

function withClickId(cookies: string | null, clickId: string): string {
  const others = (cookies ?? '')
    .split(/; */)
    .filter((pair) => pair && !pair.startsWith(`${AFFILIATE_COOKIE}=`));
  return [...others, `${AFFILIATE_COOKIE}=${encodeURIComponent(clickId)}`].join('; ');
}

function setCookie<R extends Response>(response: R, clickId: string, options: CookieOptions): R {
  if (isNextResponse(response) && !clickId.includes('%')) {
    setAmongOthers(response, clickId, options);
    return response;
  }
  // A response that is not Next's may be read-only, so we copy it. Next decodes a cookie of its own response twice
  // before server components see it, which breaks a percent sign, so we append such a cookie as a header.
  const answer = isNextResponse(response) ? response : (new Response(response.body, response) as R);
  answer.headers.append('set-cookie', serializeClickIdCookie(clickId, options));
  return answer;
}

function isNextResponse(response: Response): response is NextResponse {
  return 'cookies' in response;
}

/** `cookies.set` keeps the cookie when others are set later, but drops cookies that were appended as headers. */
function setAmongOthers({ cookies, headers }: NextResponse, clickId: string, options: CookieOptions): void {
  const appended = headers.getSetCookie().filter((line) => !cookies.has(line.slice(0, line.indexOf('='))));
  cookies.set(AFFILIATE_COOKIE, clickId, {
    path: '/',
    sameSite: 'lax',
    maxAge: AFFILIATE_MAX_AGE_SECONDS,
    ...(options.secure && { secure: true }),
    ...(options.domain && { domain: options.domain }),
  });
  for (const line of appended) headers.append('set-cookie', line);
}

/**
 * Does the work of `NextResponse.next({ request: { headers } })` on an existing response. Clerk does the same:
 * https://github.com/clerk/javascript/blob/main/packages/nextjs/src/server/utils.ts
 */
function overrideCookieHeader(request: NextRequest, headers: Headers, clickId: string): void {
  const rendersPage = headers.has('x-middleware-next') || headers.has('x-middleware-rewrite');
  if (!rendersPage) return;
  const overridden = headers.get('x-middleware-override-headers')?.split(',');
  for (const [name, value] of overridden ? [] : request.headers) {
    headers.set(`x-middleware-request-${name}`, value);
  }
  const cookies = headers.get('x-middleware-request-cookie');
  headers.set('x-middleware-request-cookie', withClickId(cookies, clickId));
  const names = new Set([...(overridden ?? request.headers.keys()), 'cookie']);
  headers.set('x-middleware-override-headers', [...names].join(','));
}
