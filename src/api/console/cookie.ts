import type { CookieOptions, Response } from 'express';

export type Cookie = ReturnType<typeof createCookie>;

/**
 * A cookie that only this host reads, and no script. On https its name makes browsers refuse one that a neighbouring host or
 * plain HTTP has set. https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
export function createCookie(baseName: string, publicUrl: string) {
  const secure = publicUrl.startsWith('https:');
  const name = secure ? `__Host-${baseName}` : baseName;
  // Lax: the browser comes back from the provider with it.
  const options: CookieOptions = { httpOnly: true, secure, sameSite: 'lax', path: '/' };
  return {
    /** @param value of characters that need no encoding */
    set(response: Response, value: string, lifetimeSeconds: number): void {
      response.cookie(name, value, { ...options, maxAge: lifetimeSeconds * 1000 });
    },
    clear(response: Response): void {
      response.clearCookie(name, options);
    },
    /** @param header the request's `Cookie` */
    read(header = ''): string | undefined {
      const pairs = header.split(';').map((pair) => pair.trim());
      return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
    },
  };
}
