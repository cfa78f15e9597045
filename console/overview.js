import { ApiError, get } from './api.js';
import { auditSection } from './audit.js';
import { h, table } from './dom.js';
import { address, statusBadge } from './format.js';
import { sparkline } from './sparkline.js';

/** @typedef {import('./types.js').Counts} Counts */

const DAYS = 30;

/** What a manager looks for first. */
const ORDER = [
  'parked',
  'confirmed',
  'submitted',
  'reporting',
  'pending',
  'declined',
  'skipped',
  'reversed',
  'abandoned',
];

/** @returns {Promise<HTMLElement[]>} */
export async function overviewView() {
  /** @type {[Counts, import('./types.js').Audit | undefined]} */
  const [counts, audit] = await Promise.all([
    get('/v1/conversions/counts', { days: String(DAYS) }),
    get('/v1/audits/latest').catch(absent),
  ]);
  const groups = counts.groups.toSorted(
    (a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || b.count - a.count,
  );
  return [
    h('h1', {}, 'Overview'),
    table(
      `Conversions by status and reason, with the last ${DAYS} days`,
      ['Status', 'Outcome', 'All', `Per day, ${counts.days[0]} to ${counts.days.at(-1)}`],
      groups.map(({ status, reason, outcome, count, perDay }) => [
        statusBadge(status),
        outcome,
        h('a', { href: address({ status, reason }) }, count.toLocaleString('en-GB')),
        sparkline(counts.days, perDay),
      ]),
    ),
    ...(audit ? [auditSection(audit)] : [h('p', {}, 'There has been no audit yet.')]),
  ];
}

/** @param {unknown} error */
function absent(error) {
  if (error instanceof ApiError && error.status === 404) return undefined;
  throw error;
}
