import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { serve } from '../../../dev/serve.js';
import { type Browser, createBrowser } from '../../support/browser.js';
import { type Stack, startStack } from '../../support/stack.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ worker: false, console: {} });
});
afterAll(() => stack.stop());

const at = (path: string) => `${stack.apiUrl}/console${path}`;
const SESSION = 'affiliate-console';
const UNDER_WAY = 'affiliate-console-sign-in';

/** Signs in, but stops before the browser comes back from the provider. @returns where it would come back */
async function untilCallback(browser: Browser, name = 'manager'): Promise<string> {
  const { url } = await browser.open(at('/sign-in'));
  let address = url;
  let init: RequestInit = { method: 'POST', body: new URLSearchParams({ name }) };
  while (!address.startsWith(at('/callback'))) {
    const location = (await browser.send(address, init)).headers.get('location');
    if (!location) throw new Error(`The provider leads nowhere from ${address}.`);
    address = new URL(location, address).href;
    init = {};
  }
  return address;
}

describe('a sign-in', () => {
  it('ends at the page, with a session of eight hours', async () => {
    const browser = createBrowser();
    const { url, response } = await browser.signIn(stack.apiUrl, 'manager');
    expect({ url, status: response.status }).toEqual({ url: at(''), status: 200 });
    const session = (await (await browser.send(at('/session'))).json()) as {
      name: string;
      expiresAt: string;
    };
    expect(session.name).toBe('manager');
    const hours = (Date.parse(session.expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(7.9);
    expect(hours).toBeLessThanOrEqual(8);
  });

  it('returns to where the page was', async () => {
    const query = `?return=${encodeURIComponent('/console?days=30#/conversions/signup:1')}`;
    const { url } = await createBrowser().signIn(stack.apiUrl, 'manager', query);
    expect(url).toBe(at('?days=30#/conversions/signup:1'));
  });

  it.each([
    'https://evil.example',
    '//evil.example/console',
    '/\\evil.example',
    '/console/../v1/me',
    '/console/sign-in',
    '/consolex',
    'javascript:alert(1)',
    'http://[',
  ])('does not return to %s', async (target) => {
    const { url } = await createBrowser().signIn(
      stack.apiUrl,
      'manager',
      `?return=${encodeURIComponent(target)}`,
    );
    expect(url).toBe(at(''));
  });

  it('of a person whom the provider remembers asks nothing, unless somebody else wants to sign in', async () => {
    const browser = createBrowser();
    await browser.signIn(stack.apiUrl, 'manager');
    expect((await browser.open(at('/sign-in'))).url).toBe(at(''));
    expect((await browser.open(at('/sign-in?as=another'))).url).toMatch(`${stack.issuer.issuerUrl}/sign-in/`);
  });

  it('without the role is refused with the role, and a way to sign in as somebody else', async () => {
    const browser = createBrowser();
    const { response } = await browser.signIn(stack.apiUrl, '<b>kim</b>');
    expect(response.status).toBe(403);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await response.text();
    expect(page).toContain('&#60;b&#62;kim&#60;/b&#62; signed in, and may not see the console');
    expect(page).toContain('the claim &#34;roles&#34; does not have &#34;affiliate-manager&#34;');
    expect(page).toContain(`href="${at('/sign-in?as=another')}"`);
    expect(browser.cookie(SESSION)).toBeUndefined();
  });

  it('has a cookie that no script reads; on https its name binds it to the host', async () => {
    const issuer = stack.issuer.issuerUrl;
    const secure = await startStack({
      worker: false,
      console: { issuer, publicUrl: 'https://api.example.com' },
    });
    onTestFinished(() => secure.stop());
    const { headers } = await createBrowser().send(`${secure.apiUrl}/console/sign-in`);
    const attributes =
      /^__Host-affiliate-console-sign-in=[^;]+; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$/;
    expect(headers.get('set-cookie')).toMatch(attributes);
    const { searchParams } = new URL(String(headers.get('location')));
    expect(searchParams.get('redirect_uri')).toBe('https://api.example.com/console/callback');
  });

  it('leaves no more than the session behind', async () => {
    const browser = createBrowser();
    await browser.signIn(stack.apiUrl, 'manager');
    expect(browser.cookie(UNDER_WAY)).toBeUndefined();
  });

  it('refuses a query that it does not know', async () => {
    expect((await createBrowser().send(at('/sign-in?as=root'))).status).toBe(400);
  });

  it('has no HEAD, which would change cookies', async () => {
    for (const path of ['/sign-in', '/callback'])
      expect((await createBrowser().send(at(path), { method: 'HEAD' })).status).toBe(405);
  });
});

describe('an answer of the provider', () => {
  async function expectRefused(browser: Browser, callback: string, words: string): Promise<void> {
    const response = await browser.send(callback);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(words);
    expect(browser.cookie(SESSION)).toBeUndefined();
  }

  it('is taken once', async () => {
    const browser = createBrowser();
    const callback = await untilCallback(browser);
    const underWay = String(browser.cookie(UNDER_WAY));
    expect((await browser.send(callback)).status).toBe(302);
    const another = createBrowser();
    another.setCookie(UNDER_WAY, underWay);
    await expectRefused(another, callback, 'It did not succeed');
  });

  it('is refused in a browser that did not begin the sign-in', async () => {
    await expectRefused(
      createBrowser(),
      await untilCallback(createBrowser()),
      'began at another address or browser',
    );
  });

  it('is refused with the state of another sign-in', async () => {
    const victim = createBrowser();
    await victim.open(at('/sign-in'));
    await expectRefused(victim, await untilCallback(createBrowser()), 'It did not succeed');
  });

  it('is refused without the code verifier or the nonce of this sign-in', async () => {
    const [attacker, victim] = [createBrowser(), createBrowser()];
    const stolen = new URL(await untilCallback(victim));
    const callback = new URL(await untilCallback(attacker));
    callback.searchParams.set('code', String(stolen.searchParams.get('code')));
    await expectRefused(attacker, callback.href, 'It did not succeed');
  });

  it('that is an error is shown in its words, as text', async () => {
    const browser = createBrowser();
    const callback = new URL(await untilCallback(browser));
    const state = String(callback.searchParams.get('state'));
    callback.search = String(
      new URLSearchParams({
        error: 'access_denied',
        error_description: '<i>not today</i>',
        state,
        iss: stack.issuer.issuerUrl,
      }),
    );
    await expectRefused(browser, callback.href, 'answered: access_denied: &#60;i&#62;not today&#60;/i&#62;');
  });
});

describe('a provider that is away', () => {
  it('makes a sign-in fail with 503 in words, and is not asked again at once', async () => {
    let asked = 0;
    const provider = await serve(
      createServer((_request, response) => {
        asked += 1;
        response.writeHead(500).end();
      }),
    );
    const away = await startStack({ worker: false, console: { issuer: provider.url } });
    onTestFinished(() => Promise.all([away.stop(), provider.stop()]).then(() => undefined));
    const browser = createBrowser();
    const answers = await Promise.all([1, 2, 3].map(() => browser.send(`${away.apiUrl}/console/sign-in`)));
    const later = await browser.send(`${away.apiUrl}/console/sign-in`);
    for (const { status, headers } of [...answers, later])
      expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '5' });
    expect(await later.text()).toContain('does not answer');
    expect(asked).toBe(1);
    // The API itself serves on.
    expect((await away.api.call('/readyz')).status).toBe(200);
    expect((await away.api.call('/console')).status).toBe(200);
  });
});

describe('a sign-out', () => {
  const SAME_ORIGIN = { 'Sec-Fetch-Site': 'same-origin' };

  async function signedIn(): Promise<Browser> {
    const browser = createBrowser();
    await browser.signIn(stack.apiUrl, 'manager');
    return browser;
  }

  it.each([
    ['the site', () => SAME_ORIGIN],
    ['the origin', () => ({ Origin: stack.apiUrl })],
  ])('by the page, which its browser shows by %s, ends the session', async (_by, headers) => {
    const browser = await signedIn();
    const { status } = await browser.send(at('/sign-out'), { method: 'POST', headers: headers() });
    expect(status).toBe(204);
    expect(browser.cookie(SESSION)).toBeUndefined();
    expect((await browser.send(at('/session'))).status).toBe(401);
  });

  it.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a neighbouring host', { 'Sec-Fetch-Site': 'same-site' }],
    ['another origin', { Origin: 'https://evil.example' }],
    ['an unknown origin', {}],
  ])('by %s is refused', async (_by, headers) => {
    const browser = await signedIn();
    const response = await browser.send(at('/sign-out'), { method: 'POST', headers });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'cross_site_request' });
    expect((await browser.send(at('/session'))).status).toBe(200);
  });

  it('is no GET, which a link can send', async () => {
    expect((await createBrowser().send(at('/sign-out'), { headers: SAME_ORIGIN })).status).toBe(405);
  });
});
