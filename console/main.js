import { ApiError, get } from './api.js';
import { auditView } from './audit.js';
import { conversionView } from './conversion.js';
import { h } from './dom.js';
import { findView } from './find.js';
import { listView } from './list.js';
import { overviewView } from './overview.js';
import { userView } from './user.js';

/**
 * The page for the affiliate manager. Each view is an address of its own, `/console?…`, and each link is an ordinary one, so
 * that the browser's history, bookmarks and tabs work as everywhere. It only reads.
 */

/** @typedef {Record<string, string | undefined>} Query */

/** @type {[parameter: string, view: (query: Query) => Promise<HTMLElement[]>][]} The first that the address names is shown. */
const VIEWS = [
  ['find', findView],
  ['conversion', conversionView],
  ['user', userView],
  ['audit', auditView],
  ['status', listView],
  ['reason', listView],
];

const query = /** @type {Query} */ (Object.fromEntries(new URLSearchParams(location.search)));
const [, view = overviewView] = VIEWS.find(([parameter]) => query[parameter]) ?? [];

try {
  /** @type {import('./types.js').Session} */
  const { name } = await get('/console/session');
  showFrame(name);
  show(await view(query));
} catch (error) {
  show(explain(error));
  if (!(error instanceof ApiError)) throw error;
}

/** @param {string} name */
function showFrame(name) {
  for (const id of ['nav', 'account', 'search']) element(id).hidden = false;
  element('name').textContent = name;
  element('sign-out').addEventListener('click', signOut);
  const box = /** @type {HTMLInputElement} */ (element('find'));
  box.value = query.find ?? '';
  if (location.search === '') box.focus();
}

async function signOut() {
  await fetch('/console/sign-out', { method: 'POST' });
  location.assign('/console');
}

/** @param {HTMLElement[]} content */
function show(content) {
  element('view').replaceChildren(...content);
  const heading = element('view').querySelector('h1');
  if (heading?.textContent) document.title = `${heading.textContent} · Affiliate conversions`;
}

/**
 * @param {unknown} error
 * @returns {HTMLElement[]}
 */
function explain(error) {
  if (!(error instanceof ApiError))
    return [h('h1', {}, 'This page has a fault'), h('p', { role: 'alert' }, String(error))];
  if (error.status === 401) return signIn();
  if (error.status === 403)
    return [h('h1', {}, 'You may not see this'), h('p', { role: 'alert' }, error.message)];
  const title = error.status === 404 ? 'There is nothing here' : 'That did not work';
  return [
    h('h1', {}, title),
    h('p', { role: 'alert' }, error.message),
    h('p', { class: 'code' }, error.code),
  ];
}

function signIn() {
  const back = new URLSearchParams({ return: location.pathname + location.search });
  return [
    h('h1', {}, 'Sign in'),
    h('p', {}, 'This page shows the conversions of your affiliate programme. It changes nothing.'),
    h('p', {}, h('a', { class: 'button', href: `/console/sign-in?${back}` }, 'Sign in')),
  ];
}

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}
