import { get } from './api.js';
import { facts, h, table } from './dom.js';
import { address, count, csvLink, inWords, time } from './format.js';

/** @typedef {import('./types.js').Finding} Finding */
/** @typedef {import('./types.js').Audit} Audit */

/** @param {import('./main.js').Query} query */
export async function auditView(query) {
  const shown = query.state ?? 'open';
  /** @type {[Audit, { findings: Finding[], nextCursor?: string }]} */
  const [audit, { findings, nextCursor }] = await Promise.all([
    get('/v1/audits/latest'),
    get('/v1/findings', { state: shown, ...which(query), cursor: query.cursor, limit: '50' }),
  ]);
  const { find: _find, ...here } = query;
  return [
    auditSection(audit, 1),
    h('h2', {}, `${inWords(shown)} findings`),
    h(
      'p',
      { class: 'pages' },
      ['open', 'acknowledged', 'closed'].map((state) =>
        h(
          'a',
          { href: address({ audit: 'latest', state }), 'aria-current': state === shown ? 'page' : undefined },
          inWords(state),
        ),
      ),
    ),
    csvLink('/v1/findings.csv', { state: shown, ...which(query) }),
    ...(findings.length > 0 ? findings.map(findingItem) : [h('p', {}, 'There are none.')]),
    ...(nextCursor
      ? [h('a', { href: address({ ...here, cursor: nextCursor }), rel: 'next' }, 'Next page')]
      : []),
  ];
}

/**
 * Differences alone, unless the address names a kind: what Impact credits to nobody would fill the page.
 * @param {import('./main.js').Query} query
 */
function which({ kind }) {
  return kind ? { kind } : { difference: 'true' };
}

/**
 * @param {Audit} audit
 * @param {1 | 2} level
 */
export function auditSection({ at, from, to, counts, findingsByKind, money }, level = 2) {
  const found = Object.entries(findingsByKind).filter(([, number]) => number > 0);
  return h(
    'section',
    {},
    h(`h${level}`, {}, 'Newest audit'),
    h('p', {}, 'Made ', time(at), ', of what happened from ', time(from), ' to ', time(to), '.'),
    facts([
      ['The same here and at Impact', count(counts.confirmed ?? 0, 'order')],
      ['On the way', count(counts.inProgress ?? 0, 'order')],
      ['Refunded here and at Impact', count(counts.reversed ?? 0, 'order')],
      ['Not reported, and not at Impact', count(counts.notReported ?? 0, 'order')],
      ...found.map(
        /** @returns {[string, HTMLElement]} */ ([kind, number]) => [
          inWords(kind),
          h('a', { href: address({ audit: 'latest', kind }) }, count(number, 'order')),
        ],
      ),
    ]),
    money.length > 0 &&
      table(
        'Money of reported orders, also of those on the way',
        ['Currency', 'Here', 'At Impact', 'Differences, by kind of finding'],
        money.map(({ currency, ledger, impact, differences }) => [
          currency,
          ledger,
          impact,
          Object.entries(differences)
            .map(([kind, amount]) => `${inWords(kind)}: ${amount}`)
            .join(', '),
        ]),
      ),
  );
}

/** @param {Finding} finding */
export function findingItem(finding) {
  const { kind, orderId, conversionId, state, detail, outcome, advice, firstSeenAt, acknowledgements } =
    finding;
  const link = conversionId ? h('a', { href: address({ conversion: conversionId }) }, orderId) : orderId;
  return h(
    'div',
    { class: `finding ${state}` },
    h('p', {}, h('strong', {}, outcome), ' ', advice),
    h(
      'p',
      {},
      'Order ',
      link,
      `: ${detail} ${amountsText(finding)}(${inWords(kind)}, seen since `,
      time(firstSeenAt),
      ')',
    ),
    acknowledgements.map(({ at, by, reason }) =>
      h('p', {}, `Acknowledged by ${by}, `, time(at), `: ${reason}`),
    ),
  );
}

/** @param {Finding} finding */
function amountsText({ amounts: { ledger, impact } }) {
  const text = [
    ledger && `${ledger.amount} ${ledger.currency} here`,
    impact && `${impact.amount} ${impact.currency} at Impact`,
  ];
  const given = text.filter(Boolean).join(', ');
  return given && `${given} `;
}
