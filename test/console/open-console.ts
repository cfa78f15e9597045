import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { Stack } from '../support/stack.js';

/** A new browser at the console, for one test. Unless the options have a session, it shows the sign-in. */
export async function openConsole(browser: Browser, stack: Stack, options?: BrowserContextOptions) {
  const { page, close } = await open(browser, stack, options);
  onTestFinished(close);
  return page;
}

export type Manager = Awaited<ReturnType<typeof openAsManager>>;

/** A browser in which an affiliate manager has signed in, and looks one thing up after the other. */
export async function openAsManager(browser: Browser, stack: Stack) {
  const { page, close } = await open(browser, stack);
  await signIn(page);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const visit = async (path: string) => {
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  return {
    page,
    close,
    visit,
    /** One search. The address is that of the box, into which one test types. */
    find: (text: string) => visit(`/console?find=${encodeURIComponent(text)}`),
    session: () => page.context().storageState(),
  };
}

/** Types a name at the local provider, which gives `manager` the role. */
export async function signIn(page: Page, name = 'manager'): Promise<void> {
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.locator('input[name=name]').fill(name);
  await page.getByRole('button').click();
}

/** Saves a picture for the documentation if `SCREENSHOTS` names a folder. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  const directory = process.env.SCREENSHOTS;
  if (directory)
    await page.screenshot({ path: join(directory, `console-${name}.png`), animations: 'disabled' });
}

async function open(browser: Browser, { apiUrl }: Stack, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ baseURL: apiUrl, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') faults.push(request.url());
  });
  await page.goto('/console');
  return {
    page,
    async close() {
      await context.close();
      expect(faults, 'stopped by the Content Security Policy, or loaded from elsewhere').toEqual([]);
    },
  };
}
