import { type NextFetchEvent, type NextMiddleware, NextRequest, NextResponse } from 'next/server.js';

/** These doubles change requests and responses as other packages' middlewares do, without their actual functions. */

type Answer = Awaited<ReturnType<NextMiddleware>>;

type ClerkHandler = (auth: ClerkAuth, request: NextRequest) => Answer;

export interface ClerkAuth {
  protect(): void;
}

class RedirectToSignIn extends Error {}

/** @clerk/nextjs 7.9, `server/clerkMiddleware` and `server/utils`. */
export function clerkMiddleware(handler: ClerkHandler = () => undefined): NextMiddleware {
  return (request) => {
    // Clerk creates this request before the handler runs, and forwards it unless the handler chooses another.
    const clerkRequest = new Request(request.url, { headers: request.headers });
    const response = clerkHandlerResult(handler, request);
    response.headers.append('set-cookie', '__session=jwt; Path=/; HttpOnly');
    response.headers.append('set-cookie', '__client_uat=1; Path=/; Domain=example.com');
    if (response.headers.has('location')) return response;

    response.headers.delete('x-middleware-next');
    response.headers.set('x-middleware-rewrite', request.url);
    if (!response.headers.get('x-middleware-override-headers')) {
      response.headers.set('x-middleware-override-headers', [...clerkRequest.headers.keys()].join(','));
      for (const [name, value] of clerkRequest.headers) {
        response.headers.set(`x-middleware-request-${name}`, value);
      }
    }
    const overridden = response.headers.get('x-middleware-override-headers');
    response.headers.set('x-middleware-override-headers', `${overridden},x-clerk-auth-status`);
    response.headers.set('x-middleware-request-x-clerk-auth-status', 'signed-in');
    return response;
  };
}

function clerkHandlerResult(handler: ClerkHandler, request: NextRequest): Response {
  const protect = () => {
    throw new RedirectToSignIn();
  };
  try {
    return handler({ protect }, request) || NextResponse.next();
  } catch (error) {
    if (!(error instanceof RedirectToSignIn)) throw error;
    return NextResponse.redirect(new URL('/sign-in', request.url));
  }
}

export type AuthJsRequest = NextRequest & { auth: { user: string } | null };

/** next-auth 5, `lib/index` and `lib/env`: with AUTH_URL, it passes a copy of the request to the handler. */
export function auth(
  handler: (request: AuthJsRequest, event: NextFetchEvent) => Answer,
  authUrl?: string,
): NextMiddleware {
  return async (received, event) => {
    const url = authUrl && received.nextUrl.href.replace(received.nextUrl.origin, authUrl);
    const request = url ? new NextRequest(url, received) : received;
    const augmented = Object.assign(request, { auth: { user: 'alice' } });
    const response = (await handler(augmented, event)) ?? NextResponse.next();
    const answer = new Response(response.body, response);
    answer.headers.append('set-cookie', 'authjs.session-token=jwe; Path=/; HttpOnly');
    return answer;
  };
}

/** next-intl 4.15, `middleware/middleware`. */
export function createIntlMiddleware(locales: readonly string[]): (request: NextRequest) => NextResponse {
  return (request) => {
    const [, locale = ''] = request.nextUrl.pathname.split('/');
    if (!locales.includes(locale)) {
      const { pathname, search } = request.nextUrl;
      return NextResponse.redirect(new URL(`/${locales[0]}${pathname}${search}`, request.url));
    }
    const headers = new Headers(request.headers);
    headers.set('x-next-intl-locale', locale);
    const response = NextResponse.next({ request: { headers } });
    response.cookies.set('NEXT_LOCALE', locale, { sameSite: 'lax' });
    response.headers.set('link', `<${request.url}>; rel="alternate"; hreflang="${locale}"`);
    return response;
  };
}
