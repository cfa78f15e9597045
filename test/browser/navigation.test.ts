import type { Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Shop, startShop } from './support/shop.js';
import { visit } from './support/visitor.js';

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

describe('a click id in the cookie', () => {
  it('is not replaced by pages that the browser prefetches or prerenders', async () => {
    const { page, context, clickIdCookie } = await visit(shop);
    await page.goto('/?im_ref=first');
    const fetched = ['link', 'rendered', 'router'].map((clickId) =>
      context.waitForEvent('response', (response) => response.url().includes(`im_ref=${clickId}`)),
    );
    await addToHead(page, '<link rel="prefetch" href="/pricing?im_ref=link">');
    const rules = { prerender: [{ urls: ['/pricing?im_ref=rendered'], eagerness: 'immediate' }] };
    await addToHead(page, `<script type="speculationrules">${JSON.stringify(rules)}</script>`);
    await routerOf(page, "prefetch('/pricing?im_ref=router')");

    for (const response of await Promise.all(fetched)) {
      expect(response.ok()).toBe(true);
      expect(await response.headerValue('set-cookie')).toBeNull();
    }
    expect(await clickIdCookie()).toMatchObject({ value: 'first' });
  });

  it('is not given to other visitors by a shared cache, on a static page', async () => {
    const { context } = await visit(shop);
    const open = async (path: string) => (await context.request.get(path)).headers();
    expect(await open('/price-list')).toMatchObject({ 'cache-control': 's-maxage=31536000' });

    const landing = await open('/price-list?im_ref=shared');
    expect(landing['set-cookie']).toMatch(/^im_ref=shared; /);
    expect(landing['cache-control']).toBe('private, no-store');
    expect(landing['cdn-cache-control']).toBe('no-store');

    const later = await open('/price-list');
    expect(later).toMatchObject({ 'cache-control': 's-maxage=31536000' });
    expect(later).not.toHaveProperty('set-cookie');
  });

  it('stays during client-side navigation, and no response sets a cookie', async () => {
    const { page, context, clickIdCookie } = await visit(shop);
    await page.goto('/?im_ref=first');
    const before = await clickIdCookie();
    const responses: Response[] = [];
    context.on('response', (response) => responses.push(response));
    for (const name of ['Pricing', 'Sign in', 'Home']) {
      await page.getByRole('navigation').getByRole('link', { name }).click();
      await page.getByRole('heading', { name: name === 'Home' ? 'Example shop' : name }).waitFor();
    }
    await page.goto('/pricing');
    const setCookies = await Promise.all(responses.map((response) => response.headerValue('set-cookie')));
    expect(new Set(setCookies)).toEqual(new Set([null]));
    expect(await clickIdCookie()).toEqual(before);
  });

  it('is replaced by the click id of a page that the client-side router opens', async () => {
    const { page, untilCookieIs } = await visit(shop);
    await page.goto('/?im_ref=first');
    await routerOf(page, "push('/pricing?im_ref=soft')");
    await untilCookieIs('soft');
  });
});

it('a signed-in user who opens a link by the client-side router is attributed once', async () => {
  const { page, signUp, untilCookieIs } = await visit(shop);
  await page.goto('/?im_ref=soft-A');
  await signUp('soft');
  await untilCookieIs(undefined);
  await routerOf(page, "push('/pricing?im_ref=soft-B')");
  await expect.poll(() => shop.api.attributions()).toContain('soft-B');
  await untilCookieIs(undefined);
  await page.getByRole('link', { name: 'Account' }).click();
  await expect.poll(() => page.getByTestId('click-id').textContent()).toBe('soft-B');
  expect(shop.api.attributions()).toEqual(['soft-A', 'soft-B']);
});

function addToHead(page: Page, html: string): Promise<void> {
  const fragment = `document.createRange().createContextualFragment(${JSON.stringify(html)})`;
  return page.evaluate(`document.head.append(${fragment})`);
}

/** Calls Next's router, as a link of the site does when it becomes visible or is clicked. */
function routerOf(page: Page, call: string): Promise<void> {
  return page.evaluate(`void window.next.router.${call}`);
}
