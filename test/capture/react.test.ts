// @vitest-environment happy-dom
import { act, createElement, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readClickIdCookie } from '../../capture/src/cookie.js';
import { clearClickId } from '../../capture/src/index.js';
import { type AffiliateAttributionOptions, AffiliateCapture } from '../../capture/src/react.js';

type Options = Partial<AffiliateAttributionOptions>;

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

afterEach(() => vi.restoreAllMocks());
beforeEach(() => {
  localStorage.clear();
  setCookie('im_ref=; Max-Age=0');
  history.replaceState(null, '', '/');
});

describe('a signed-in user with a click in the cookie', () => {
  it('is attributed once, and only then is the cookie cleared', async () => {
    setCookie('im_ref=3t6RuJ%3Ax0');
    const call = createCall();
    const site = await openPage({ setAffiliateAttribution: vi.fn(() => call.promise) });
    expect(site.calls()).toEqual([{ clickId: '3t6RuJ:x0' }]);
    expect(cookie()).toBe('3t6RuJ:x0');
    await act(async () => call.resolve());
    expect(cookie()).toBeUndefined();
    await site.render();
    await site.navigate('/account');
    expect(site.calls()).toHaveLength(1);
  });

  it('is attributed once when effects run twice and the component is mounted twice', async () => {
    setCookie('im_ref=a');
    const site = await openPage({}, (component) => createElement(StrictMode, null, component, component));
    expect(new Set(site.calls().map(({ clickId }) => clickId))).toEqual(new Set(['a']));
    expect(cookie()).toBeUndefined();
  });

  it('makes no call until the user is known to be signed in', async () => {
    setCookie('im_ref=a');
    const site = await openPage({ isSignedIn: undefined });
    await site.render({ isSignedIn: false });
    expect(site.calls()).toEqual([]);
    await site.render({ isSignedIn: true });
    expect(site.calls()).toEqual([{ clickId: 'a' }]);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('API down'))],
    [
      'throws',
      () => {
        throw new Error('API down');
      },
    ],
  ])(
    'keeps the cookie when the call %s, and is attributed on the next page, not earlier',
    async (_how, fail) => {
      const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
      setCookie('im_ref=a');
      const site = await openPage({ setAffiliateAttribution: vi.fn(fail) });
      const works = vi.fn(async () => undefined);
      await site.render({ setAffiliateAttribution: works });
      expect(works).not.toHaveBeenCalled();
      expect(cookie()).toBe('a');
      expect(warn).toHaveBeenCalledWith(new Error('API down'));

      await site.navigate('/account');
      expect(works).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ clickId: 'a' }));
      expect(cookie()).toBeUndefined();
    },
  );

  it.each([
    ['a response that is not ok', new Response('API down', { status: 503 })],
    ['an object with an error, as openapi-fetch does', { error: { code: 'unavailable' }, data: undefined }],
    ['an object that is not ok', { ok: false }],
  ])('keeps the cookie when the call resolves to %s', async (_what, answer) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    setCookie('im_ref=a');
    const site = await openPage({ setAffiliateAttribution: vi.fn(async () => answer) });
    expect(cookie()).toBe('a');
    expect(warn).toHaveBeenCalledExactlyOnceWith(answer);

    const works = vi.fn(async () => new Response(null, { status: 204 }));
    await site.render({ setAffiliateAttribution: works });
    await site.navigate('/account');
    expect(works).toHaveBeenCalledOnce();
    expect(cookie()).toBeUndefined();
  });

  it.each([undefined, null, 'stored', { data: {}, error: undefined }, { ok: true }])(
    'clears the cookie when the call resolves to %j',
    async (answer) => {
      setCookie('im_ref=a');
      await openPage({ setAffiliateAttribution: vi.fn(async () => answer) });
      expect(cookie()).toBeUndefined();
    },
  );

  it('keeps a newer click that arrives during the call', async () => {
    setCookie('im_ref=a');
    const call = createCall();
    const site = await openPage({ setAffiliateAttribution: vi.fn(() => call.promise) });
    setCookie('im_ref=b');
    await act(async () => call.resolve());
    expect(cookie()).toBe('b');
    await site.navigate('/account');
    expect(site.calls()).toEqual([{ clickId: 'a' }, { clickId: 'b' }]);
    expect(cookie()).toBeUndefined();
  });
});

describe('the click id in the URL', () => {
  it('is stored on the landing page, and after a client-side navigation', async () => {
    history.replaceState(null, '', '/?im_ref=3t6RuJ%3Ax0');
    const site = await openPage({ isSignedIn: false });
    expect(cookie()).toBe('3t6RuJ:x0');
    await site.navigate('/pricing?im_ref=b');
    expect(cookie()).toBe('b');
    await site.navigate('/account');
    expect(cookie()).toBe('b');
  });

  it('is stored without a render if the browser emits navigation events', async () => {
    const navigation = new EventTarget();
    vi.stubGlobal('navigation', navigation);
    onTestFinished(() => void vi.stubGlobal('navigation', undefined));
    await openPage({ isSignedIn: false });
    history.replaceState(null, '', '/pricing?im_ref=b');
    await act(async () => void navigation.dispatchEvent(new Event('currententrychange')));
    expect(cookie()).toBe('b');
  });

  it('is not written again if the proxy has stored it', async () => {
    setCookie('im_ref=a');
    history.replaceState(null, '', '/?im_ref=a');
    const write = vi.spyOn(document, 'cookie', 'set');
    await openPage({ isSignedIn: false });
    expect(write).not.toHaveBeenCalled();
  });

  it('counts in a prerendered page only when the visitor opens it', async () => {
    Object.assign(document, { prerendering: true });
    history.replaceState(null, '', '/?im_ref=a');
    await openPage({ isSignedIn: false });
    expect(cookie()).toBeUndefined();
    Object.assign(document, { prerendering: false });
    await act(async () => void document.dispatchEvent(new Event('prerenderingchange')));
    expect(cookie()).toBe('a');
  });

  it('is read from the configured parameter', async () => {
    history.replaceState(null, '', '/?im_ref=a&irclickid=b');
    await openPage({ isSignedIn: false, param: 'irclickid' });
    expect(cookie()).toBe('b');
  });
});

describe('a domain', () => {
  it('that the browser refuses leaves the cookie to the host, with a warning during development', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    history.replaceState(null, '', '/?im_ref=a');
    await openPage({ isSignedIn: false, domain: 'example.com' });
    expect(cookie()).toBe('a');
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/domain example\.com on this host/));
  });

  it('that the browser accepts replaces the cookie of the host alone', async () => {
    const happyDOM = (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM;
    const before = location.href;
    onTestFinished(() => {
      clearClickId({ domain: 'example.com' });
      happyDOM.setURL(before);
    });
    happyDOM.setURL('http://www.example.com/?im_ref=b');
    setCookie('im_ref=a');
    await openPage({ isSignedIn: false, domain: 'example.com' });
    expect(document.cookie).not.toContain('im_ref=a');
    happyDOM.setURL('http://shop.example.com/');
    expect(cookie(), 'shared with another subdomain').toBe('b');
  });
});

describe('a landing page that is opened again', () => {
  it('is no new click once its click is attributed, even if the proxy sets the cookie again', async () => {
    await land('a');
    expect((await land('a')).calls()).toEqual([]);
    expect(cookie()).toBeUndefined();
    expect((await land('b')).calls()).toEqual([{ clickId: 'b' }]);
    expect((await land('a')).calls(), 'an older click of a restored tab').toEqual([]);
  });

  it('does not replace a newer click that is not attributed yet', async () => {
    await land('a', { isSignedIn: false });
    await land('b', { isSignedIn: false });
    const site = await land('a');
    expect(site.calls()).toEqual([{ clickId: 'b' }]);
  });

  it('still provides its click id for a signup, until a user signs in', async () => {
    await land('a');
    await land('a', { isSignedIn: false });
    expect(cookie()).toBe('a');
  });

  it('does not restore an expired cookie', async () => {
    await land('a', { isSignedIn: false });
    setCookie('im_ref=; Max-Age=0');
    history.replaceState(null, '', '/account');
    expect((await openPage()).calls()).toEqual([]);
    expect(cookie()).toBeUndefined();
  });
});

describe('the time of the landing', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  const minutesLater = (minutes: number) => void vi.setSystemTime(Date.now() + minutes * 60_000);
  const now = () => new Date().toISOString();
  const signIn = (path = '/account') => {
    history.replaceState(null, '', path);
    return openPage();
  };

  it('is noted before the visitor signs up, and sent with the click', async () => {
    const landedAt = now();
    await land('a', { isSignedIn: false });
    minutesLater(10);
    expect((await signIn()).clickedAt()).toEqual([landedAt]);
  });

  it('is kept to the millisecond, so that a landing just after the signup does not seem to come before it', async () => {
    vi.setSystemTime(Math.floor(Date.now() / 1000) * 1000 + 875);
    expect((await land('a')).clickedAt()).toEqual([expect.stringContaining('.875Z')]);
  });

  it('is the first one, if the visitor opens the landing page again', async () => {
    const landedAt = now();
    await land('a', { isSignedIn: false });
    minutesLater(10);
    expect((await land('a')).clickedAt()).toEqual([landedAt]);
  });

  it('is that of the newest click', async () => {
    await land('a', { isSignedIn: false });
    minutesLater(10);
    const landedAt = now();
    await land('b', { isSignedIn: false });
    minutesLater(10);
    expect((await signIn()).clickedAt()).toEqual([landedAt]);
  });

  it('is the same when the call is repeated', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const landedAt = now();
    await land('a', { setAffiliateAttribution: () => Promise.reject(new Error('API down')) });
    minutesLater(10);
    expect((await signIn()).clickedAt()).toEqual([landedAt]);
  });

  it('is not noted without consent; it is the time of the consent then', async () => {
    const site = await land('a', { consent: () => false });
    minutesLater(10);
    await site.render({ consent: () => true });
    expect(site.clickedAt()).toEqual([now()]);
  });

  it('is the time of the call if the storage is full', async () => {
    fillStorage();
    await land('a', { isSignedIn: false });
    minutesLater(10);
    expect((await signIn()).clickedAt()).toEqual([now()]);
  });

  it('is not in the future, if the clock was ahead and is right now', async () => {
    rememberClicks(['a', -365]);
    expect((await land('a')).clickedAt()).toEqual([now()]);
    expect(rememberedTimes()).toEqual([Date.now() / 1000, Date.now() / 1000]);
  });
});

describe('consent', () => {
  it('is required to store or send anything, and takes effect when it is given', async () => {
    setCookie('im_ref=a');
    history.replaceState(null, '', '/?im_ref=b');
    const site = await openPage({ consent: () => false });
    expect(cookie()).toBe('a');
    expect(localStorage).toHaveLength(0);
    expect(site.calls()).toEqual([]);

    await site.render({ consent: () => true });
    expect(site.calls()).toEqual([{ clickId: 'b' }]);
  });

  it('that is withdrawn removes the cookie and the remembered clicks at once', async () => {
    const site = await land('a', { isSignedIn: false, consent: () => true });
    expect(rememberedClicks()).toEqual(['a']);
    await site.render({ consent: () => false });
    expect(cookie()).toBeUndefined();
    expect(localStorage).toHaveLength(0);

    await site.render({ isSignedIn: true });
    expect(site.calls()).toEqual([]);
    expect(localStorage).toHaveLength(0);
  });

  it('that is withdrawn and given again on one page captures its click again', async () => {
    const site = await land('a', { isSignedIn: false, consent: () => true });
    await site.render({ consent: () => false });
    await site.render({ consent: () => true });
    expect(cookie()).toBe('a');
  });

  it('that is withdrawn during the call leaves nothing behind after the call', async () => {
    const call = createCall();
    setCookie('im_ref=a');
    await openPage({ setAffiliateAttribution: vi.fn(() => call.promise) });
    clearClickId();
    await act(async () => call.resolve());
    expect(cookie()).toBeUndefined();
    expect(localStorage).toHaveLength(0);
  });

  it('that is not known yet, as on each page until the banner has loaded, removes nothing', async () => {
    await land('a', { isSignedIn: false });
    history.replaceState(null, '', '/account');
    const site = await openPage({ consent: () => false });
    expect(cookie()).toBe('a');
    await site.render({ consent: () => true });
    expect(site.calls()).toEqual([{ clickId: 'a' }]);
  });
});

describe('a remembered click', () => {
  it('is dropped at the age of the cookie, by a page without a click id', async () => {
    rememberClicks(['old', 31], ['recent', 29]);
    await openPage({ isSignedIn: false });
    expect(rememberedClicks()).toEqual(['recent']);
    rememberClicks(['old', 31]);
    await openPage({ isSignedIn: false });
    expect(localStorage).toHaveLength(0);
  });

  it('is dropped if its age is unknown, as older versions of this package stored it', async () => {
    localStorage.setItem('im_ref', '\na\n\nb c');
    await openPage({ isSignedIn: false });
    expect(localStorage).toHaveLength(0);
  });

  it('counts as a new click after it is dropped', async () => {
    rememberClicks(['a', 31], ['', 31]);
    expect((await land('a')).calls()).toEqual([{ clickId: 'a' }]);
  });

  it('is one of the newest 20', async () => {
    for (let click = 1; click <= 25; click++) await land(`click-${click}`, { isSignedIn: false });
    expect(rememberedClicks()).toHaveLength(20);
    expect(rememberedClicks().at(-1)).toBe('click-25');
  });

  it('is not kept for a visitor without a click', async () => {
    await openPage();
    expect(localStorage).toHaveLength(0);
  });
});

describe('clearClickId', () => {
  it('removes the cookie and the remembered clicks', async () => {
    await land('a', { isSignedIn: false });
    clearClickId();
    expect(cookie()).toBeUndefined();
    expect(localStorage).toHaveLength(0);
  });

  it('removes the cookies of a domain and of the host alone', () => {
    const write = vi.spyOn(document, 'cookie', 'set');
    clearClickId({ domain: 'example.com' });
    expect(write.mock.calls.flat()).toEqual([
      'im_ref=; Path=/; SameSite=Lax; Max-Age=0',
      'im_ref=; Path=/; SameSite=Lax; Max-Age=0; Domain=example.com',
    ]);
  });

  it('removes the cookie even if the browser refuses to change the storage', () => {
    fillStorage();
    setCookie('im_ref=a');
    clearClickId();
    expect(cookie()).toBeUndefined();
  });
});

it('works if the storage is full', async () => {
  fillStorage();
  setCookie('im_ref=a');
  expect((await openPage()).calls()).toEqual([{ clickId: 'a' }]);
  expect(cookie()).toBeUndefined();
});

it('renders nothing, in the browser and on the server', async () => {
  const component = createElement(AffiliateCapture, { isSignedIn: true, setAffiliateAttribution: vi.fn() });
  expect(renderToString(component)).toBe('');
});

it('names the invalid option', () => {
  const options = { isSignedIn: true } as AffiliateAttributionOptions;
  const render = (wrong: object) => renderToString(createElement(AffiliateCapture, { ...options, ...wrong }));
  expect(() => render({ setAffiliateAttribution: 5 })).toThrow('setAffiliateAttribution must be a function');
  expect(() => render({ isSignedIn: 'yes' })).toThrow('isSignedIn must be true or false');
});

const cookie = () => readClickIdCookie(document.cookie);

/** Stores clicks as an earlier page did, some days ago. */
function rememberClicks(...clicks: [clickId: string, daysAgo: number][]): void {
  const lines = clicks.map(
    ([clickId, days]) => `${clickId} ${Math.floor(Date.now() / 1000) - days * 86_400}`,
  );
  localStorage.setItem('im_ref', lines.join('\n'));
}

const rememberedClicks = () =>
  (localStorage.getItem('im_ref') ?? '').split('\n').map((line) => line.split(' ')[0]);

const rememberedTimes = () =>
  (localStorage.getItem('im_ref') ?? '').split('\n').map((line) => Number(line.split(' ')[1]));

/** Makes each change of the storage fail. Happy DOM caches the methods of `localStorage`, so a spy would have no effect. */
function fillStorage(): void {
  const storage = localStorage;
  const fail = vi.fn(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: fail, removeItem: fail });
  onTestFinished(() => {
    vi.stubGlobal('localStorage', storage);
    expect(fail).toHaveBeenCalled();
  });
}

/** A call that stays pending until the test resolves it. */
function createCall() {
  let resolve = () => {};
  const promise = new Promise<void>((end) => {
    resolve = end;
  });
  return { promise, resolve };
}

function setCookie(cookie: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the test sets the cookie in place of the proxy.
  document.cookie = `${cookie}; Path=/`;
}

/** Loads a page with a click id; the proxy's response sets the cookie. */
async function land(clickId: string, options: Options = {}) {
  setCookie(`im_ref=${clickId}`);
  history.replaceState(null, '', `/?im_ref=${clickId}`);
  return openPage(options);
}

const clicksOf = ({
  setAffiliateAttribution,
}: Pick<AffiliateAttributionOptions, 'setAffiliateAttribution'>) =>
  vi.mocked(setAffiliateAttribution).mock.calls.map(([click]) => click);

async function openPage(
  first: Options = {},
  wrap: (component: React.ReactElement) => React.ReactElement = (component) => component,
) {
  let options = { isSignedIn: true, setAffiliateAttribution: vi.fn(async () => undefined), ...first };
  const root = createRoot(document.createElement('div'));
  onTestFinished(() => act(async () => root.unmount()));
  async function render(changed: Options = {}): Promise<void> {
    options = { ...options, ...changed } as typeof options;
    await act(async () => root.render(wrap(createElement(AffiliateCapture, options))));
  }
  await render();
  return {
    render,
    async navigate(path: string): Promise<void> {
      history.pushState(null, '', path);
      await render();
    },
    calls: () => clicksOf(options).map(({ clickId }) => ({ clickId })),
    clickedAt: () => clicksOf(options).map(({ clickedAt }) => clickedAt),
  };
}
