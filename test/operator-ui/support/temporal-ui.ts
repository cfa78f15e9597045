import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** An operator's actions in the Temporal UI. They find each control by its visible name. */

const FAILURES = fileURLToPath(new URL('../screenshots', import.meta.url));
const VIEWPORT = { width: 1280, height: 800 };

export async function openUi(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: VIEWPORT });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await screenshotOfFailure(page, task.name);
    await context.close();
  });
  return page;
}

/** Makes more room for the page's content. */
export async function collapseNavigation(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Collapse Navigation' }).click();
}

export function savedView(page: Page, name: string) {
  return page.getByRole('group', { name: 'Saved Views' }).getByRole('button', { name });
}

export async function configureColumns(
  page: Page,
  { remove, add }: { remove: string[]; add: string[] },
): Promise<void> {
  await page.getByRole('button', { name: 'Configure Columns' }).click();
  for (const column of remove) await page.getByRole('button', { name: `Remove ${column} column` }).click();
  for (const column of add) await page.getByRole('button', { name: `Add ${column} column` }).click();
  await page.getByRole('button', { name: 'Close Workflows Table configuration' }).click();
  for (const name of add) await page.getByRole('columnheader', { name }).waitFor();
}

/** Reads a workflow's row as an object: heading of the column → text of the cell. */
export async function readRow(page: Page, workflowId: string): Promise<Record<string, string>> {
  const table = page.getByRole('table', { name: 'Workflows' });
  const row = table.getByRole('row').filter({ has: page.getByRole('link', { name: workflowId }) });
  await row.waitFor();
  const headings = await table.getByRole('columnheader').allInnerTexts();
  const cells = await row.getByRole('cell').allInnerTexts();
  return Object.fromEntries(headings.map((heading, index) => [heading.trim(), cells[index]?.trim() ?? '']));
}

export async function openDetails(page: Page, workflowId: string) {
  await page.getByRole('link', { name: workflowId }).first().click();
  await page.getByRole('tab', { name: 'User Metadata' }).click();
  return currentDetails(page);
}

/** The UI renders the current details in an iframe. */
export function currentDetails(page: Page) {
  return page.frameLocator('iframe#user-metadata-current-details').getByRole('main');
}

export async function fillSignal(page: Page, name: string, data: string): Promise<void> {
  await page.getByRole('button', { name: 'More Actions' }).click();
  await page.getByRole('menuitem', { name: 'Send a Signal' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send a Signal' });
  await dialog.getByRole('button', { name: 'Select a signal' }).click();
  await dialog.getByRole('option', { name }).click();
  await dialog.getByRole('textbox', { name: 'Data' }).click();
  await page.keyboard.insertText(data);
}

export async function submitSignal(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Send a Signal' });
  await dialog.getByRole('button', { name: 'Submit' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Saves a picture for the documentation if `SCREENSHOTS` names a folder. */
export async function takeScreenshot(page: Page, name: string, height = VIEWPORT.height): Promise<void> {
  const directory = process.env.SCREENSHOTS;
  if (!directory) return;
  await mkdir(directory, { recursive: true });
  await page.setViewportSize({ ...VIEWPORT, height });
  await page.screenshot({ path: join(directory, `temporal-ui-${name}.png`), animations: 'disabled' });
  await page.setViewportSize(VIEWPORT);
}

async function screenshotOfFailure(page: Page, test: string): Promise<void> {
  const path = join(FAILURES, `${test.replaceAll(/\W+/g, '-')}.png`);
  await mkdir(FAILURES, { recursive: true });
  await page.screenshot({ path });
  console.error(`${page.url()} when it failed: ${path}`);
}
