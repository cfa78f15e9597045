import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

/** The files that the page loads. */
async function loadedBy(page: string): Promise<string[]> {
  const { body } = await stack.api.call(page);
  return [...String(body).matchAll(/(?:src|href)="([^"]*)"/g)].map(([, url = '']) => url);
}

describe('/docs', () => {
  it('is a page', async () => {
    const { status, headers } = await stack.api.call('/docs');
    expect({ status, type: headers.get('content-type') }).toEqual({
      status: 200,
      type: 'text/html; charset=utf-8',
    });
  });

  it('is the same page with a trailing slash', async () => {
    expect(await loadedBy('/docs/')).toEqual(await loadedBy('/docs'));
  });

  it('loads Swagger UI from this server', async () => {
    const urls = await loadedBy('/docs');
    expect(urls).toEqual(expect.arrayContaining(['/docs/swagger-ui-bundle.js', '/docs/swagger-ui.css']));
    const assets = await Promise.all(
      urls.map(async (url) => {
        const { status, headers } = await stack.api.call(url);
        return { status, type: headers.get('content-type')?.split(';')[0] };
      }),
    );
    expect(assets).toEqual([
      { status: 200, type: 'text/css' },
      { status: 200, type: 'text/javascript' },
      { status: 200, type: 'text/javascript' },
    ]);
  });

  it('shows the API of this server', async () => {
    expect((await stack.api.call('/docs/start.js')).body).toContain("url: '/openapi.json'");
  });

  it('allows the browser to load from this server only', async () => {
    const policy = (await stack.api.call('/docs')).headers.get('content-security-policy');
    expect(policy).toMatch(/(^|;)default-src 'self'(;|$)/);
    expect(policy).toMatch(/(^|;)script-src 'self'(;|$)/);
    expect(policy).not.toContain('connect-src');
  });

  it.each([
    '/docs/index.html',
    '/docs/swagger-initializer.js',
    '/docs/package.json',
    '/docs/..%2fpackage.json',
  ])('does not serve the rest of the package (%s)', async (path) => {
    expect((await stack.api.call(path)).status).toBe(404);
  });
});
