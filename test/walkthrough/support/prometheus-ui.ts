import type { Page } from 'playwright-core';

/** Opens the page of firing alerts, with their annotations. Debian's Prometheus has only the classic pages. */
export async function openFiringAlerts(page: Page, prometheusUrl: string): Promise<void> {
  await page.goto(`${prometheusUrl}/classic/alerts`);
  await page.addStyleTag({ content: 'body { zoom: 0.8 }' });
  await page.getByText('Show annotations').click();
  for (const state of ['Inactive', 'Pending'])
    await page.getByText(new RegExp(`^\\s*${state}\\s*\\(\\d+\\)\\s*$`)).click();
}

export async function unfold(page: Page, alert: string): Promise<void> {
  await page
    .getByText(new RegExp(`${alert} *\\(\\d+ active\\)`))
    .first()
    .click();
}
