import { get } from './api.js';
import { facts, h, table } from './dom.js';
import { address, csvLink, sentence, statusBadge, time } from './format.js';

/** @typedef {import('./types.js').User} User */

/**
 * @param {string} clerkId
 * @returns {Promise<User>}
 */
export function readUser(clerkId) {
  return get(`/v1/users/${encodeURIComponent(clerkId)}`);
}

/** @param {import('./main.js').Query} query */
export async function userView({ user: clerkId = '' }) {
  const user = await readUser(clerkId);
  return [
    h('h1', {}, 'User ', h('span', { class: 'id' }, user.clerkId)),
    facts(user.createdAt === undefined ? [] : [['First seen', time(user.createdAt)]]),
    clicksSection(user),
    csvLink('/v1/conversions.csv', { clerkId: user.clerkId }),
    table(
      'Conversions, and why each has the click it has',
      ['Conversion', 'Status', 'Happened', 'Click', 'Why'],
      user.conversions.map(({ conversionId, status, reason, occurredAt, clickId, why }) => [
        h('a', { href: address({ conversion: conversionId }) }, conversionId),
        statusBadge(status, reason),
        time(occurredAt),
        clickId && h('span', { class: 'id' }, clickId),
        sentence(why.text),
      ]),
    ),
  ];
}

/** @param {User} user */
export function clicksSection({ clerkId, clicks, hasForgottenClicks, erasedAt }) {
  if (erasedAt !== undefined)
    return h('p', {}, 'The user was erased ', time(erasedAt), '. The ledger keeps the conversions alone.');
  if (clicks.length === 0) return h('p', {}, `The user ${clerkId} came without a partner’s click.`);
  const dropped =
    hasForgottenClicks && h('p', {}, 'There were more clicks between the first and the second of these.');
  return h(
    'section',
    {},
    table(
      `All clicks of the user ${clerkId}, oldest first`,
      ['Click', 'Received', 'Landed, by the visitor’s clock'],
      clicks.map(({ clickId, capturedAt, clickedAt }) => [
        h('a', { href: address({ find: clickId }), class: 'id' }, clickId),
        time(capturedAt),
        clickedAt && time(clickedAt),
      ]),
    ),
    dropped,
  );
}
