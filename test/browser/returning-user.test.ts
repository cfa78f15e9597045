import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Shop, startShop } from './support/shop.js';
import { visit } from './support/visitor.js';

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

/** Signs a visitor up with click A, and waits until the user is attributed and the cookie is cleared. */
async function visitAsUser(name: string) {
  const visitor = await visit(shop);
  await visitor.page.goto(`/?im_ref=${name}-A`);
  const userId = await visitor.signUp(name);
  await visitor.untilCookieIs(undefined);
  return { ...visitor, userId };
}

const attributionsOf = (name: string) =>
  shop.api.attributions().filter((clickId) => clickId.startsWith(name));

async function clickIdAtImpact(orderId: string) {
  await expect.poll(() => shop.stack.sandbox.conversions(orderId), { timeout: 15_000 }).toHaveLength(1);
  return (await shop.stack.sandbox.conversions(orderId))[0]?.fields.ClickId;
}

describe('a returning user', () => {
  it('is attributed to B after landing with B: a later sale carries B, and the signup carries A', async () => {
    const { page, userId, untilCookieIs } = await visitAsUser('buyer');
    await page.goto('/?im_ref=buyer-B');
    await untilCookieIs(undefined);
    await page.goto('/account');
    expect(await page.getByTestId('click-id').textContent()).toBe('buyer-B');

    const sale = { orderId: 'order-1', totalAmountCents: 4900, currency: 'USD' };
    await shop.stack.api.publish({ campaignEventId: 'sale_subscription', userId, ...sale });
    expect(await clickIdAtImpact('order-1')).toBe('buyer-B');
    expect(await clickIdAtImpact(`signup-${userId}`)).toBe('buyer-A');
  });

  it('keeps the cookie while the API is down, and is attributed on the next page', async () => {
    const { page, clickIdCookie, untilCookieIs } = await visitAsUser('patient');
    await shop.api.down();
    const failed = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.goto('/?im_ref=patient-B');
    expect((await failed).status()).toBe(500);
    await page.getByRole('alert').getByText('The API is unavailable').waitFor();
    expect(await clickIdCookie()).toMatchObject({ value: 'patient-B' });

    await shop.api.up();
    await page.getByRole('link', { name: 'Account' }).click();
    await untilCookieIs(undefined);
    await page.reload();
    expect(await page.getByTestId('click-id').textContent()).toBe('patient-B');
    expect(attributionsOf('patient')).toEqual(['patient-A', 'patient-B']);
  });

  it('is attributed although the clock of the browser is an hour ahead', async () => {
    const { page, untilCookieIs } = await visitAsUser('early');
    await page.clock.setFixedTime(Date.now() + 3_600_000);
    await page.goto('/?im_ref=early-B');
    await untilCookieIs(undefined);
    await page.goto('/account');
    expect(await page.getByTestId('click-id').textContent()).toBe('early-B');
  });

  it('is attributed once for each click, even if the landing page opens several times', async () => {
    const { page, context, untilCookieIs } = await visitAsUser('restless');
    const LANDING = '/?im_ref=restless-B';
    await page.goto(LANDING);
    await untilCookieIs(undefined);

    await opens(page, LANDING, 'location.reload()');
    await untilCookieIs(undefined);
    await page.goto('/pricing');
    await opens(page, LANDING, 'history.back()');
    await untilCookieIs(undefined);
    await opens(page, '/pricing', 'history.forward()');
    await page.goto('/?im_ref=restless-A');
    await untilCookieIs(undefined);
    const secondTab = await context.newPage();
    await secondTab.goto(LANDING);
    await untilCookieIs(undefined);

    // We open new tabs, because a page that the visitor leaves during the call cannot know its outcome.
    const [third, fourth] = await Promise.all([context.newPage(), context.newPage()]);
    await Promise.all([third.goto('/?im_ref=restless-C'), fourth.goto('/?im_ref=restless-C')]);
    await untilCookieIs(undefined);
    const fifth = await context.newPage();
    await fifth.goto('/?im_ref=restless-D');
    await untilCookieIs(undefined);
    expect(attributionsOf('restless')).toEqual(['restless-A', 'restless-B', 'restless-C', 'restless-D']);
  });
});

/** Lets the browser load a page by a script, such as `history.back()`. */
async function opens(page: Page, path: string, script: string): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.evaluate(`setTimeout(() => ${script})`)]);
  expect(page.url()).toBe(shop.url + path);
}
