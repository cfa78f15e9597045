import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem, sendRaw } from '../support.js';

let stack: Stack;
let off: Stack;
beforeAll(async () => {
  [stack, off] = await Promise.all([
    startStack({ worker: false, console: {} }),
    startStack({ worker: false }),
  ]);
});
afterAll(() => Promise.all([stack.stop(), off.stop()]));

/** The files that the page loads. */
async function loadedBy(page: string): Promise<string[]> {
  const { body } = await stack.api.call(page);
  return [...String(body).matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url = '']) => url);
}

describe('the page', () => {
  it.each(['/console', '/console/'])('is at %s, also without a session', async (path) => {
    const { status, headers } = await stack.api.call(path);
    expect({ status, type: headers.get('content-type') }).toEqual({
      status: 200,
      type: 'text/html; charset=utf-8',
    });
  });

  it('loads files of this server only, and each is there', async () => {
    const urls = (await loadedBy('/console')).filter((url) => /\.(js|css|svg)$/.test(url));
    expect(urls).toEqual(expect.arrayContaining(['/console/main.js', '/console/console.css']));
    for (const url of urls) expect((await stack.api.call(url)).status, url).toBe(200);
  });

  it.each(['/console', '/console/main.js', '/console/sign-in?as=root', '/console/session'])(
    'and what it loads, such as %s, may run and load nothing else',
    async (path) => {
      const { headers } = await stack.api.call(path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';" +
          "form-action 'self';base-uri 'none';frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
    },
  );

  it('is asked for each time, and sent again only after a change', async () => {
    const { headers } = await stack.api.call('/console/main.js');
    expect(headers.get('cache-control')).toBe('no-cache');
    const again = await fetch(`${stack.apiUrl}/console/main.js`, {
      headers: { 'If-None-Match': String(headers.get('etag')), 'Cache-Control': 'max-age=0' },
    });
    expect(again.status).toBe(304);
  });
});

describe('a path that is no file of the page', () => {
  it.each([
    '/console/tsconfig.json',
    '/console/index.html',
    '/console/nowhere',
    '/console/main.js/',
    '/console/Main.js',
    '/console/.env',
    '/Console',
    '/consoles',
  ])('(%s) is not found', async (path) => {
    expectProblem(await stack.api.call(path), 404, 'route_not_found');
  });

  it.each([
    '/console/../package.json',
    '/console/..%2fpackage.json',
    '/console/%2e%2e/package.json',
    '/console//etc/passwd',
    '/console/main.js%00',
  ])('(%s) leads out of the folder to nothing', async (path) => {
    const { status, body } = await sendRaw(stack.apiUrl, [`GET ${path} HTTP/1.1`]);
    expect(status).toBe(404);
    expect(body).not.toContain('affiliate-conversion-tracking');
  });
});

describe('without a provider', () => {
  it.each(['/console', '/console/', '/console/main.js', '/console/sign-in', '/console/session'])(
    '%s is not found, and says how to turn the console on',
    async (path) => {
      const answer = await off.api.call(path);
      expectProblem(answer, 404, 'route_not_found');
      expect(answer.body.detail).toContain('CONSOLE_ISSUER');
    },
  );

  it('a cookie of a session counts for nothing', async () => {
    const headers = { Cookie: 'affiliate-console=x' };
    expectProblem(await off.api.call('/v1/conversions', { headers }), 401, 'token_missing');
  });
});
