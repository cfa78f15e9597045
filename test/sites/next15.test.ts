import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNextSite } from '../../dev/next-site.js';
import { freePort } from '../../dev/ports.js';
import { signedInCookies, signedOutCookies, startClerkKeys } from '../capture/support/clerk.js';
import { AUTHORIZED_PARTY, type Stack, startStack } from '../support/stack.js';
import { buildSite } from './support/build-site.js';
import { BY_SCRIPT, visit } from './support/visit.js';

/** Next.js 15 and React 19: the App Router, with the real packages of Clerk and next-intl, in front of the real service. */
let stack: Stack;
let clerk: Awaited<ReturnType<typeof startClerkKeys>>;
let site: Awaited<ReturnType<typeof startNextSite>>;

beforeAll(async () => {
  stack = await startStack();
  clerk = await startClerkKeys(stack.issuer.key, stack.issuer.issuerUrl);
  const env = { ...clerk.environment, API_URL: stack.apiUrl };
  const recipes = {
    'middleware.js': ['Clerk and next-intl', 'proxy.ts'],
    'lib/api.js': ['Clerk', 'lib/api.ts'],
    'app/layout.jsx': ['Clerk', 'app/layout.tsx'],
  } as const;
  const directory = await buildSite('next15', recipes, env);
  site = await startNextSite({
    directory,
    command: 'start',
    host: 'localhost',
    port: await freePort(),
    readyPath: '/logo.svg',
    env,
  });
});
afterAll(async () => {
  await site?.stop();
  await clerk?.stop();
  await stack?.stop();
});

const QUERY = '?im_ref=3t6RuJ%3Ax0';
const CLICK_COOKIE = 'im_ref=3t6RuJ%3Ax0';
const open = (path: string, cookie = signedOutCookies, headers: Record<string, string> = {}) =>
  visit(site.url + path, { cookie, ...headers });

const signIn = (clerkId: string) =>
  signedInCookies(stack.issuer.key, clerkId, { issuerUrl: stack.issuer.issuerUrl, azp: AUTHORIZED_PARTY });

describe('a visitor from a partner', () => {
  it('who is signed in with Clerk is reported to Impact with the click of the landing request', async () => {
    const { status, clickCookie, shown } = await open(`/de${QUERY}`, await signIn('user_landing'));
    expect({ status, clickCookie, shown }).toEqual({
      status: 200,
      clickCookie: CLICK_COOKIE,
      shown: { locale: 'de', 'user-id': expect.any(String), 'click-id': '3t6RuJ:x0' },
    });
    const orderId = `signup-${shown['user-id']}`;
    await expect.poll(() => stack.sandbox.conversions(orderId)).toHaveLength(1);
    const [conversion] = await stack.sandbox.conversions(orderId);
    expect(conversion?.fields.ClickId).toBe('3t6RuJ:x0');
  });

  it('keeps the click through Clerk’s handshake and the redirect to a locale, and signs up with it', async () => {
    const handshake = await open(`/${QUERY}`, '');
    expect(handshake.location).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/v1\/client\/handshake\?/);
    expect(handshake.clickCookie).toBe(CLICK_COOKIE);

    const toLocale = await open(`/${QUERY}`, `${signedOutCookies}; ${CLICK_COOKIE}`);
    expect(toLocale.location).toMatch(/\/en\?im_ref=3t6RuJ%3Ax0$/);
    expect(toLocale.clickCookie).toBe(CLICK_COOKIE);

    const signedUp = await open('/en', `${await signIn('user_handshake')}; ${CLICK_COOKIE}`);
    expect(signedUp.shown).toMatchObject({ locale: 'en', 'click-id': '3t6RuJ:x0' });
  });

  it.each(['/en/shoes.html', '/en/@john.doe', '/de/node.js-tips'])('lands on %s', async (path) => {
    const { status, clickCookie } = await open(path + QUERY);
    expect({ status, clickCookie }).toEqual({ status: 200, clickCookie: CLICK_COOKIE });
  });

  it('is no other visitor’s: shared caches do not keep the response', async () => {
    expect((await open('/en/price-list')).cacheControl).toBe('s-maxage=31536000');
    const { cacheControl, clickCookie } = await open(`/en/price-list${QUERY}`);
    expect(clickCookie).toBe(CLICK_COOKIE);
    expect(cacheControl).toBe('private, no-store');
    expect((await open('/en/price-list')).clickCookie).toBeUndefined();
  });
});

describe('no click is captured from', () => {
  it.each([
    ['a file', `/logo.svg${QUERY}`, {}],
    ['a prefetch of the browser', `/en${QUERY}`, { 'sec-purpose': 'prefetch' }],
    ['a prefetch of Next.js', `/en${QUERY}`, { ...BY_SCRIPT, rsc: '1', 'next-router-prefetch': '1' }],
    ['a macro', '/en?im_ref={clickid}', {}],
  ])('%s', async (_what, path, headers) => {
    const { status, clickCookie } = await open(path, signedOutCookies, headers as Record<string, string>);
    expect({ status, clickCookie }).toEqual({ status: 200, clickCookie: undefined });
  });
});
