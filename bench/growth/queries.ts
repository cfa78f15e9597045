import { createAuditMetrics } from '../../src/audit/metrics.js';
import { planAudit } from '../../src/audit/plan-audit.js';
import { CONFIRM_WITHIN_MS } from '../../src/domain/impact-times.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { createLedgerMetrics } from '../../src/ledger/backlog-metrics.js';
import { countParkedByReason } from '../../src/ledger/count-parked.js';
import { findConversion } from '../../src/ledger/find-conversion.js';
import { findDue, findUnfinished } from '../../src/ledger/find-due.js';
import { type ConversionFilter, listConversions } from '../../src/ledger/list-conversions.js';
import { encodeCursor } from '../../src/ledger/page.js';
import type { Database } from '../../src/mongo.js';
import { busyUserId, conversionOf, timeOf } from './ledger.js';

/** The queries of routes, relay, reconcile, metrics and audit, by the functions of the product that ask them. */

export interface LedgerQuery {
  work: string;
  run(ledger: Seeded): Promise<unknown>;
  /** Its time must not grow with the ledger. What a query returns may: unfinished conversions, for example. */
  flat: boolean;
  /** Is a line of the chart. */
  plotted?: true;
  /** At the largest size. */
  atMostMs?: number;
}

export interface Seeded {
  db: Database;
  size: number;
  now: number;
}

export const LIMIT = 20;
export const DAY_MS = 86_400_000;
const FOLLOWED = { confirmAfterMs: 600_000, confirmWithinMs: CONFIRM_WITHIN_MS };

const list = (name: string, filter: ConversionFilter, flat = true): LedgerQuery => ({
  work: `list ${name}`,
  run: ({ db }) => listConversions(db, filter, { limit: LIMIT }),
  flat,
});

const LISTS: LedgerQuery[] = [
  list('all', {}),
  {
    work: 'list all, a page from the middle',
    run: ({ db, size, now }) => listConversions(db, {}, { limit: LIMIT, cursor: middle(size, now) }),
    flat: true,
  },
  {
    work: 'list status=skipped, a page from the middle',
    run: ({ db, size, now }) =>
      listConversions(db, { status: 'skipped' }, { limit: LIMIT, cursor: middle(size, now) }),
    flat: true,
  },
  list('status=confirmed', { status: 'confirmed' }),
  list('status=declined', { status: 'declined' }),
  { ...list('status=parked', { status: 'parked' }), plotted: true },
  list('status=parked event=signup', { status: 'parked', event: 'signup' }),
  list('status=parked user=', { status: 'parked', userId: busyUserId }),
  list('status=confirmed user=', { status: 'confirmed', userId: busyUserId }),
  { ...list('event=sale_subscription', { event: 'sale_subscription' }), plotted: true },
  list('event=(none has it)', { event: 'trial_started' }),
  list('event=signup user=', { event: 'signup', userId: busyUserId }),
  list('user=', { userId: busyUserId }),
  // MongoDB reads the key of each conversion of the status.
  list('status=parked event=(none has it)', { status: 'parked', event: 'trial_started' }, false),
  list('status=declined event=(none has it)', { status: 'declined', event: 'trial_started' }, false),
  list('status=reversed event=signup (none is)', { status: 'reversed', event: 'signup' }, false),
  // MongoDB reads each parked adjustment, for its reason.
  { ...list('reason=no_attribution', { reason: 'no_attribution' }, false), plotted: true },
  list('reason=locked', { reason: 'locked' }, false),
  list('reason=(none has it)', { reason: 'brand_new' }, false),
  list('status=parked reason=impact_refused', { status: 'parked', reason: 'impact_refused' }, false),
  list('status=confirmed reason=locked', { status: 'confirmed', reason: 'locked' }, false),
  list('event=signup reason=too_old', { event: 'signup', reason: 'too_old' }, false),
];

export const QUERIES: LedgerQuery[] = [
  ...LISTS,
  {
    work: 'one conversion',
    run: ({ db, size, now }) => findConversion(db, conversionOf(Math.floor(size / 2), size, now)._id),
    flat: true,
  },
  {
    work: 'the scrape of the ledger',
    run: ({ db }) => createLedgerMetrics(db).read(),
    flat: false,
    plotted: true,
    atMostMs: 100,
  },
  {
    work: 'the scrape of the audit',
    run: ({ db }) => createAuditMetrics(db, { scheduled: true }).read(),
    flat: true,
  },
  { work: 'parked by reason', run: ({ db }) => countParkedByReason(db), flat: false },
  {
    work: 'the relay: everything due',
    run: ({ db }) => all(findDue(db, new Date(Date.now() + DAY_MS))),
    flat: false,
    plotted: true,
  },
  {
    work: 'reconcile: everything unfinished',
    run: ({ db }) => all(findUnfinished(db, new Date(Date.now() + DAY_MS), FOLLOWED)),
    flat: false,
    plotted: true,
  },
  {
    // It asks nothing, as no conversion was sent later than its end.
    work: 'the plan of the daily audit',
    run: ({ db }) => planAudit({ db, programme }, undefined, new Date()),
    flat: false,
  },
  {
    work: 'the plan of an audit of a past month',
    run: ({ db, now }) => {
      const window = {
        from: new Date(now - 90 * DAY_MS).toISOString(),
        to: new Date(now - 60 * DAY_MS).toISOString(),
      };
      return planAudit({ db, programme }, window, new Date());
    },
    flat: false,
  },
];

/** The place in the list where half of the conversions are older. */
function middle(size: number, now: number): string {
  return encodeCursor('createdAt', { createdAt: timeOf(Math.floor(size / 2), size, now), _id: '~' });
}

async function all(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of items) count += 1;
  return count;
}
