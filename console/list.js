import { get } from './api.js';
import { h, table } from './dom.js';
import { address, csvLink, inWords, statusBadge, time } from './format.js';

/** @typedef {import('./types.js').Summary} Summary */

const FILTERS = ['status', 'reason', 'event', 'occurredFrom', 'occurredTo'];

/** @param {import('./main.js').Query} query */
export async function listView(query) {
  const filter = Object.fromEntries(FILTERS.map((name) => [name, query[name]]));
  /** @type {import('./types.js').Page} */
  const { conversions, nextCursor } = await get('/v1/conversions', {
    ...filter,
    cursor: query.cursor,
    limit: '50',
  });
  const title = [query.status, query.reason].flatMap((word) => (word ? [inWords(word)] : [])).join(': ');
  return [
    h('h1', {}, title),
    csvLink('/v1/conversions.csv', filter),
    conversions.length > 0 ? conversionTable('Conversions', conversions) : h('p', {}, 'There are none.'),
    h(
      'p',
      { class: 'pages' },
      query.cursor && h('a', { href: address(filter) }, 'First page'),
      nextCursor && h('a', { href: address({ ...filter, cursor: nextCursor }), rel: 'next' }, 'Next page'),
    ),
  ];
}

/**
 * @param {string} caption
 * @param {Summary[]} conversions
 */
export function conversionTable(caption, conversions) {
  return table(
    caption,
    ['Conversion', 'Status', 'Outcome', 'Happened', 'Click'],
    conversions.map(
      ({ conversionId, orderId, campaignEventId, status, reason, outcome, occurredAt, clickId }) => [
        h(
          'a',
          { href: address({ conversion: conversionId }) },
          `${inWords(campaignEventId)} ${orderId ?? ''}`.trim(),
        ),
        statusBadge(status, reason),
        outcome,
        time(occurredAt),
        clickId && h('a', { href: address({ find: clickId }), class: 'id' }, clickId),
      ],
    ),
  );
}
