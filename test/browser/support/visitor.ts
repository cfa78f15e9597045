import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { Shop } from './shop.js';

const SCREENSHOTS = fileURLToPath(new URL('../screenshots', import.meta.url));
const PATIENCE = { timeout: 10_000, interval: 25 };

export type Visitor = Awaited<ReturnType<typeof visit>>;

/** Opens a new browser context: one visitor, with cookies and storage of their own. */
export async function visit(shop: Shop, options: BrowserContextOptions = {}) {
  const context = await shop.browser.newContext({ baseURL: shop.url, ...options });
  context.setDefaultTimeout(PATIENCE.timeout);
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await takeScreenshots(task.name, context.pages());
    await context.close();
  });
  const page = await context.newPage();
  const clickIdCookie = async () => (await context.cookies()).find(({ name }) => name === 'im_ref');
  return {
    context,
    page,
    clickIdCookie,
    async signUp(name: string): Promise<string> {
      await page.goto('/sign-up');
      await page.getByLabel('Name').fill(name);
      await page.getByRole('button', { name: 'Sign up' }).click();
      return readUserId(page);
    },
    /** Signs the visitor in without this site, like a sign-in that several sites share. */
    async signInElsewhere(name: string): Promise<void> {
      const value = await shop.stack.api.tokens.session(`user_${name}`);
      await context.addCookies([{ name: 'session', value, url: shop.url, httpOnly: true }]);
    },
    untilCookieIs: (clickId: string | undefined) =>
      expect
        .poll(clickIdCookie, PATIENCE)
        .toEqual(
          clickId === undefined ? undefined : expect.objectContaining({ value: encodeURIComponent(clickId) }),
        ),
  };
}

export async function readUserId(page: Page): Promise<string> {
  return (await page.getByTestId('user-id').textContent()) ?? '';
}

async function takeScreenshots(test: string, pages: Page[]): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  for (const [index, page] of pages.entries()) {
    const path = `${SCREENSHOTS}/${test.replaceAll(/\W+/g, '-')}-${index + 1}.png`;
    await page.screenshot({ path, fullPage: true });
    console.error(`${page.url()} when it failed: ${path}`);
  }
}
