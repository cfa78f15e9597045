import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startNextSite } from '../../dev/next-site.js';
import { freePort } from '../../dev/ports.js';
import { launchChromium } from '../browser/support/launch-chromium.js';
import { buildSite, MINIMUM } from './support/build-site.js';
import { BY_SCRIPT, visit } from './support/visit.js';

/** Next.js 14 and React 18: Pages Router and App Router, below a `basePath`, with locales. */
let site: Awaited<ReturnType<typeof startNextSite>>;

beforeAll(async () => {
  const directory = await buildSite('next14', { 'middleware.js': [...MINIMUM] });
  site = await startNextSite({ directory, command: 'start', port: await freePort(), readyPath: '/shop' });
});
afterAll(() => site?.stop());

const QUERY = '?im_ref=3t6RuJ%3Ax0';
const open = (path: string, headers?: Record<string, string>) => visit(site.url + path, headers);

describe('a landing page of the Pages Router', () => {
  it.each([
    ['the home page', '/shop', 'en'],
    ['the home page of a locale', '/shop/de', 'de'],
    ['a page', '/shop/pricing', 'en'],
    ['a page of a locale', '/shop/de/pricing', 'de'],
    ['a page that ends in .html', '/shop/shoes.html', 'en'],
    ['a page with a dot, in a folder', '/shop/blog/node.js-tips', 'en'],
    ['a page with a dot, of a locale', '/shop/de/@john.doe', 'de'],
  ])('sets the cookie, and sees the click id itself: %s, %s', async (_what, path, locale) => {
    const { status, clickCookie, shown } = await open(path + QUERY);
    expect({ status, clickCookie, shown }).toEqual({
      status: 200,
      clickCookie: 'im_ref=3t6RuJ%3Ax0',
      shown: { locale, seen: '3t6RuJ:x0' },
    });
  });

  it('sets no cookie without a click id', async () => {
    const { setCookies, shown } = await open('/shop/pricing');
    expect(setCookies).toEqual([]);
    expect(shown.seen).toBe('none');
  });

  it('is not kept by shared caches together with the cookie', async () => {
    expect((await open('/shop/static')).cacheControl).toMatch(/^s-maxage=31536000/);
    const { cacheControl, clickCookie } = await open(`/shop/static${QUERY}`);
    expect(clickCookie).toBe('im_ref=3t6RuJ%3Ax0');
    expect(cacheControl).toBe('private, no-store');
    expect((await open('/shop/static')).setCookies).toEqual([]);
  });
});

it('a landing page of the App Router sets the cookie, and its server component sees the click id', async () => {
  const { clickCookie, shown } = await open(`/shop/app-router${QUERY}`);
  expect({ clickCookie, shown }).toEqual({
    clickCookie: 'im_ref=3t6RuJ%3Ax0',
    shown: { seen: '3t6RuJ:x0' },
  });
});

describe('the proxy understands, although Next.js encodes the query again before it sees it,', () => {
  it.each([
    ['&amp;', '?a=b&amp;im_ref=x'],
    ['a second ?', '?a=b?im_ref=x'],
    ['a second ? after the click id', '?im_ref=x?utm_source=mail'],
    ['two ? in a row', '??im_ref=x'],
  ])('%s', async (_what, query) => {
    expect((await open(`/shop${query}`)).clickCookie).toBe('im_ref=x');
  });

  it.each(['{clickid}', '[CLICK_ID]', '%%click%%', '__CLICK_ID__'])(
    'that %s is no click id',
    async (macro) => {
      expect((await open(`/shop?im_ref=${macro}`)).setCookies).toEqual([]);
    },
  );
});

describe('no cookie is set by', () => {
  it.each([
    ['a file', `/shop/logo.svg${QUERY}`, {}],
    ['another file', `/shop/robots.txt${QUERY}`, {}],
    ['a prefetch of the browser', `/shop/pricing${QUERY}`, { 'sec-purpose': 'prefetch' }],
    [
      'a prefetch of the Pages Router',
      `/shop/pricing${QUERY}`,
      { ...BY_SCRIPT, purpose: 'prefetch', 'x-nextjs-data': '1' },
    ],
    [
      'a prefetch of the App Router',
      `/shop/app-router${QUERY}`,
      { ...BY_SCRIPT, rsc: '1', 'next-router-prefetch': '1' },
    ],
    ['a request of a script', `/shop/pricing${QUERY}`, BY_SCRIPT],
  ])('%s', async (_what, path, headers) => {
    const { status, setCookies } = await open(path, headers as Record<string, string>);
    expect(status).toBe(200);
    expect(setCookies).toEqual([]);
  });
});

describe('in a browser, with React 18', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function newVisitor() {
    const context = await browser.newContext({ baseURL: site.url });
    onTestFinished(() => context.close());
    const cookie = async () => (await context.cookies()).find(({ name }) => name === 'im_ref')?.value;
    return { context, page: await context.newPage(), cookie };
  }

  it('a signed-in user’s click is sent once, and again on the next page if the API refuses it', async () => {
    const { context, page, cookie } = await newVisitor();
    const answers: [clickId: string, status: number][] = [];
    context.on('response', (response) => {
      if (!response.url().endsWith('/api/attribution')) return;
      answers.push([response.request().postDataJSON().clickId, response.status()]);
    });

    await page.goto('/shop?im_ref=unavailable');
    await expect.poll(() => answers).toEqual([['unavailable', 503]]);
    expect(await cookie()).toBe('unavailable');
    await page.goto('/shop/de');
    await expect.poll(() => answers).toHaveLength(2);
    expect(await cookie()).toBe('unavailable');

    await page.getByRole('link', { name: 'Pricing' }).click();
    await expect.poll(() => answers.slice(2)).toEqual([['linked', 204]]);
    await expect.poll(cookie).toBeUndefined();
    await page.reload();
    expect(await page.getByTestId('seen').textContent()).toBe('linked');
    expect(answers).toHaveLength(3);
  });

  it('the server sees the click of a navigation that a service worker forwards', async () => {
    const { page } = await newVisitor();
    await page.goto('/shop/pricing');
    await page.evaluate(
      "navigator.serviceWorker.register('/shop/sw.js').then(() => navigator.serviceWorker.ready)",
    );
    const landing = await page.goto('/shop/pricing?im_ref=forwarded');
    expect(landing?.fromServiceWorker()).toBe(true);
    expect(await page.getByTestId('seen').textContent()).toBe('forwarded');
  });
});
