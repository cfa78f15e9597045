import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Shop, startShop } from './support/shop.js';
import { readUserId, visit } from './support/visitor.js';

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

async function received(orderId: string) {
  await expect.poll(() => shop.stack.sandbox.conversions(orderId), { timeout: 15_000 }).not.toEqual([]);
  return (await shop.stack.sandbox.conversions(orderId)).map(({ fields }) => fields.ClickId);
}

describe('a visitor from a partner', () => {
  it('gets a cookie, signs up, and Impact receives one conversion with exactly that click id', async () => {
    const { page, context, clickIdCookie, untilCookieIs } = await visit(shop);
    const landing = await page.goto('/?im_ref=3t6RuJ%3Ax0-xyNWQ');
    expect(await landing?.headerValue('set-cookie'), 'set by the server').toMatch(
      /^im_ref=3t6RuJ%3Ax0-xyNWQ; /,
    );
    const cookie = await clickIdCookie();
    expect(cookie).toMatchObject({
      value: '3t6RuJ%3Ax0-xyNWQ',
      domain: '127.0.0.1',
      path: '/',
      sameSite: 'Lax',
      httpOnly: false,
      secure: false,
    });
    const days = ((cookie?.expires ?? 0) - Date.now() / 1000) / 86_400;
    expect(days).toBeCloseTo(30, 2);
    const https = await context.request.get('/?im_ref=a', { headers: { 'X-Forwarded-Proto': 'https' } });
    expect(https.headers()['set-cookie']).toContain('; Secure');

    await page.goto('/?im_ref=3t6RuJ%3Ax0-xyNWQ');
    await page.getByRole('link', { name: 'Sign up' }).click();
    await page.getByLabel('Name').fill('partner');
    await page.getByRole('button', { name: 'Sign up' }).click();
    const userId = await readUserId(page);
    expect(await page.getByTestId('click-id').textContent()).toBe('3t6RuJ:x0-xyNWQ');
    await untilCookieIs(undefined);
    expect(await received(`signup-${userId}`)).toEqual(['3t6RuJ:x0-xyNWQ']);
  });

  it('is attributed by the landing request itself if already signed in', async () => {
    const { page, signInElsewhere } = await visit(shop, { javaScriptEnabled: false });
    await signInElsewhere('elsewhere');
    await page.goto(`/?im_ref=${encodeURIComponent('_3t6RuJ:x0-50%3A')}`);
    expect(await page.getByTestId('click-id').textContent()).toBe('_3t6RuJ:x0-50%3A');
    expect(shop.api.requests.at(-1)).toMatchObject({
      method: 'GET',
      path: '/v1/me',
      clickId: '_3t6RuJ:x0-50%3A',
    });
    expect(await received(`signup-${await readUserId(page)}`)).toEqual(['_3t6RuJ:x0-50%3A']);
  });

  it('is attributed after the signup, if the first request to the API carried no click id', async () => {
    const { page, signInElsewhere, untilCookieIs } = await visit(shop);
    await page.goto('/?im_ref=no-header');
    await expect.poll(() => page.evaluate('localStorage.length')).toBe(1);
    const { body: user } = await shop.stack.api.me('user_late');
    await shop.stack.untilStatus(`signup:${user.userId}`, 'skipped');

    const before = shop.api.requests.length;
    await signInElsewhere('late');
    await page.goto('/pricing');
    await untilCookieIs(undefined);
    expect(shop.api.requests.slice(before).map(({ method }) => method)).toEqual(['PUT']);
    expect(await received(`signup-${user.userId}`)).toEqual(['no-header']);
  });

  it('becomes one user with one conversion when the first requests race', async () => {
    const { page, context, signInElsewhere } = await visit(shop);
    await page.goto('/?im_ref=parallel');
    await signInElsewhere('parallel');
    const before = shop.api.requests.length;
    const pages = await Promise.all(Array.from({ length: 6 }, () => context.newPage()));
    await Promise.all(pages.map((tab) => tab.goto('/account')));
    const userIds = new Set(await Promise.all(pages.map(readUserId)));
    expect(userIds.size).toBe(1);
    expect(
      shop.api.requests.slice(before).filter(({ clickId }) => clickId === 'parallel').length,
    ).toBeGreaterThan(1);
    expect(await received(`signup-${[...userIds][0]}`)).toEqual(['parallel']);
  });
});

describe('an organic visitor', () => {
  it('gets no cookie, signs up, and Impact receives nothing', async () => {
    const { page, signUp, clickIdCookie } = await visit(shop);
    const landing = await page.goto('/');
    expect(await landing?.headerValue('set-cookie')).toBeNull();
    const userId = await signUp('organic');
    expect(await clickIdCookie()).toBeUndefined();
    const conversion = await shop.stack.untilStatus(`signup:${userId}`, 'skipped');
    expect(conversion.reason).toBe('no_attribution');
    expect(await shop.stack.sandbox.requests(`signup-${userId}`)).toEqual([]);
  });

  it('who refuses consent gets no cookie, and no request carries a click id', async () => {
    const { page, signUp, clickIdCookie } = await visit(shop);
    await page.goto('/');
    await page.getByRole('button', { name: 'Do not remember who sent me here' }).click();
    await page.getByRole('button', { name: 'Remember who sent me here', exact: true }).waitFor();
    const landing = await page.goto('/?im_ref=refused');
    expect(await landing?.headerValue('set-cookie')).toBeNull();
    const before = shop.api.requests.length;
    const userId = await signUp('refuser');
    expect(await clickIdCookie()).toBeUndefined();
    expect(await page.evaluate('localStorage.length')).toBe(0);
    expect(shop.api.requests.slice(before).map(({ clickId }) => clickId)).toEqual([undefined]);
    await shop.stack.untilStatus(`signup:${userId}`, 'skipped');
  });

  it.each([true, false])(
    'who withdraws consent after a click keeps nothing of it (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const { page, context, clickIdCookie } = await visit(shop, { javaScriptEnabled });
      await page.goto('/?im_ref=withdrawn');
      expect(await clickIdCookie()).toMatchObject({ value: 'withdrawn' });
      if (javaScriptEnabled) await expect.poll(() => page.evaluate('localStorage.length')).toBe(1);
      await page.getByRole('button', { name: 'Do not remember who sent me here' }).click();
      await page.getByRole('button', { name: 'Remember who sent me here', exact: true }).waitFor();
      expect(await clickIdCookie()).toBeUndefined();
      const { origins } = await context.storageState();
      expect(origins).toEqual([]);
    },
  );
});
