import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import type { Stack } from '../../support/stack.js';

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>;

/** A browser of its own, at the console, without a session unless the options have one. Its policy stops nothing, or the test fails. */
export async function openConsole(
  browser: Browser,
  { apiUrl }: Stack,
  options: BrowserContextOptions = {},
  path = '/console',
): Promise<Page> {
  const context = await browser.newContext({ baseURL: apiUrl, ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (new URL(request.url()).hostname !== '127.0.0.1') elsewhere.push(request.url());
  });
  onTestFinished(async () => {
    await context.close();
    expect(refused, 'stopped by the Content Security Policy').toEqual([]);
    expect(elsewhere, 'loaded from elsewhere').toEqual([]);
  });
  await page.goto(path);
  return page;
}

/** Types a name at the local provider, which gives `manager` the role. */
export async function signIn(page: Page, name = 'manager'): Promise<void> {
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.locator('input[name=name]').fill(name);
  await page.getByRole('button').click();
}

/** Signed in once for each stack; the other tests take over the session's cookie. */
const sessions = new WeakMap<Stack, Promise<StorageState>>();

export async function openAsManager(
  browser: Browser,
  stack: Stack,
  { path, ...options }: BrowserContextOptions & { path?: string } = {},
): Promise<Page> {
  const session = sessions.get(stack) ?? sessionOf(browser, stack);
  sessions.set(stack, session);
  const page = await openConsole(browser, stack, { ...options, storageState: await session }, path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

/** One search. The address is that of the box, into which one test types. */
export function find(browser: Browser, stack: Stack, text: string): Promise<Page> {
  return openAsManager(browser, stack, { path: `/console?find=${encodeURIComponent(text)}` });
}

/** Saves a picture for the documentation if `SCREENSHOTS` names a folder. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  const directory = process.env.SCREENSHOTS;
  if (directory)
    await page.screenshot({ path: join(directory, `console-${name}.png`), animations: 'disabled' });
}

async function sessionOf(browser: Browser, { apiUrl }: Stack): Promise<StorageState> {
  const context = await browser.newContext({ baseURL: apiUrl });
  const page = await context.newPage();
  await page.goto('/console');
  await signIn(page);
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}
