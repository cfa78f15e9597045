import { get } from './api.js';
import { conversionArticle, readConversion } from './conversion.js';
import { h } from './dom.js';
import { count, csvLink } from './format.js';
import { conversionTable } from './list.js';
import { clicksSection, readUser } from './user.js';

/** @typedef {import('./types.js').Found} Found */

/** So many results are shown in full. A visitor whom a partner sent signs up, and buys once or twice. */
const IN_FULL = 4;

const WORDS = {
  conversionId: 'the conversion',
  orderId: 'the order',
  clickId: 'the click',
  clerkId: 'the user',
  userId: 'the user',
  day: 'the day',
};

/**
 * The one box: whatever the reader has in hand.
 * @param {import('./main.js').Query} query
 */
export async function findView({ find = '' }) {
  const text = find.trim();
  /** @type {Found} */
  const found = await get('/v1/conversions/find', { text });
  if (!found.foundBy) return notFound(text);
  const { foundBy, clerkId, conversions, hasMore } = found;
  const shown = foundBy === 'day' ? [] : conversions.slice(0, IN_FULL);
  const [details, user] = await Promise.all([
    Promise.all(shown.map(({ conversionId }) => readConversion(conversionId))),
    clerkId === undefined ? undefined : readUser(clerkId),
  ]);
  const clickId = foundBy === 'clickId' ? text : undefined;
  const rest = conversions.slice(shown.length);
  return [
    h(
      'h1',
      {},
      `${hasMore ? 'More than ' : ''}${count(conversions.length, 'conversion')} of ${WORDS[foundBy]} ${text}`,
    ),
    ...(conversions.length === 0 ? [h('p', {}, 'It is known, and no conversion belongs to it yet.')] : []),
    ...details.map((conversion) => conversionArticle(conversion, { clickId, level: 2 })),
    ...(foundBy === 'day' ? [csvLink('/v1/conversions.csv', { occurredFrom: text, occurredTo: text })] : []),
    ...(rest.length > 0 ? [conversionTable(shown.length > 0 ? 'Others' : 'Conversions', rest)] : []),
    ...(user ? [clicksSection(user)] : []),
  ];
}

/** @param {string} text */
function notFound(text) {
  return [
    h('h1', {}, `Nothing is known of ${text}`),
    h(
      'p',
      {},
      'No conversion, order, click or user of this service has this id. It must be whole, and upper and lower case matter.',
    ),
    h(
      'p',
      {},
      'If it is a click id: this service never received it. The visitor did not come to the website with it, has not signed up or signed in since, or the website did not forward it.',
    ),
    h(
      'p',
      {},
      'Compare the id letter by letter with the one in Impact. If it is the same, give your engineers the id and the time of the click: they can see whether the website forwards clicks at all.',
    ),
  ];
}
