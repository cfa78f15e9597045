import { withQuery } from './api.js';
import { h } from './dom.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

/**
 * Impact's pages and this service's logs agree on UTC only.
 * @param {string} iso
 */
export function time(iso) {
  return h('time', { datetime: iso, title: iso }, `${TIME.format(new Date(iso))} UTC`);
}

const ISO_TIME = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

/**
 * A sentence of the API, with its times as this page shows them.
 * @param {string} text
 */
export function sentence(text) {
  return text.split(ISO_TIME).map((part) => (ISO_TIME.test(part) ? time(part) : part));
}

/**
 * `19 days 2 hours`: the two largest units.
 * @param {number} milliseconds
 */
export function duration(milliseconds) {
  const days = Math.floor(milliseconds / DAY_MS);
  const hours = Math.floor((milliseconds % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((milliseconds % HOUR_MS) / MINUTE_MS);
  if (days > 0) return hours > 0 ? `${count(days, 'day')} ${count(hours, 'hour')}` : count(days, 'day');
  if (hours > 0)
    return minutes > 0 ? `${count(hours, 'hour')} ${count(minutes, 'minute')}` : count(hours, 'hour');
  return minutes > 0 ? count(minutes, 'minute') : 'less than a minute';
}

/**
 * @param {number} number
 * @param {string} noun
 */
export function count(number, noun) {
  return `${number.toLocaleString('en-GB')} ${noun}${number === 1 ? '' : 's'}`;
}

/**
 * `sale_subscription` → `Sale subscription`, as no list of a programme's names exists.
 * @param {string} id
 */
export function inWords(id) {
  const words = id.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * @param {string} status
 * @param {string} [reason]
 */
export function statusBadge(status, reason) {
  return h('span', { class: `status ${status}`, title: reason ?? status }, inWords(status));
}

/** @param {Record<string, string | undefined>} query */
export function address(query) {
  return withQuery('/console', query);
}

/**
 * The whole list that the page shows in part.
 * @param {string} path
 * @param {Record<string, string | undefined>} filter
 */
export function csvLink(path, filter) {
  return h('p', {}, h('a', { href: withQuery(path, filter), download: true }, 'Download all as CSV'));
}
